// Keeps a page of the preview up to date: reloads it when the pages have changed,
// and updates the lists of problems and advice when these have.
{
  const pages = document.currentScript.dataset.pages
  const stopped = document.querySelector("#preview-stopped > *")
  const problems = document.getElementById("preview-problems")
  const advice = document.getElementById("preview-advice")
  let events

  // A closed list of problems stays closed until it changes.
  const keepClosed = () => {
    const details = problems.querySelector("details")
    if (!details) return
    const closed = "preview-closed"
    if (sessionStorage.getItem(closed) === problems.dataset.mark) details.open = false
    details.addEventListener("toggle", () => sessionStorage.setItem(closed, details.open ? "" : problems.dataset.mark))
  }

  // Open advice stays open.
  const keepOpen = () => {
    const details = advice.querySelector("details")
    if (!details) return
    const open = "preview-advice-open"
    details.open = sessionStorage.getItem(open) === "yes"
    details.addEventListener("toggle", () => sessionStorage.setItem(open, details.open ? "yes" : ""))
  }

  const update = event => {
    stopped.hidden = true
    const now = JSON.parse(event.data)
    if (now.pages !== pages) return location.reload()
    if (now.adviceMark !== advice.dataset.mark) {
      advice.dataset.mark = now.adviceMark
      advice.innerHTML = now.advice
      keepOpen()
    }
    if (now.mark === problems.dataset.mark) return
    problems.dataset.mark = now.mark
    problems.innerHTML = now.problems
    keepClosed()
  }

  // A browser limits the connections to one host, so hidden tabs close theirs.
  const listen = () => {
    events?.close()
    if (document.hidden) return
    events = new EventSource("/-preview/events")
    events.onmessage = update
    events.onerror = ({ target }) => {
      stopped.hidden = false
      if (target === events && target.readyState === EventSource.CLOSED) setTimeout(listen, 1000)
    }
  }

  keepClosed()
  keepOpen()
  document.addEventListener("visibilitychange", listen)
  listen()
}
