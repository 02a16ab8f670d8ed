// Keeps a page of the preview as its source is: renews it when the pages have
// changed, and the lists of problems and of advice when these have.
{
  const pages = document.currentScript.dataset.pages
  const stopped = document.querySelector("#preview-stopped > *")
  const problems = document.getElementById("preview-problems")
  const advice = document.getElementById("preview-advice")
  let events

  // A list that was closed stays closed until it says something else.
  const keepClosed = () => {
    const details = problems.querySelector("details")
    if (!details) return
    const closed = "preview-closed"
    if (sessionStorage.getItem(closed) === problems.dataset.mark) details.open = false
    details.addEventListener("toggle", () => sessionStorage.setItem(closed, details.open ? "" : problems.dataset.mark))
  }

  // Advice that was opened stays open.
  const keepOpen = () => {
    const details = advice.querySelector("details")
    if (!details) return
    const open = "preview-advice-open"
    details.open = sessionStorage.getItem(open) === "yes"
    details.addEventListener("toggle", () => sessionStorage.setItem(open, details.open ? "yes" : ""))
  }

  const told = event => {
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

  // A browser keeps only a few connections to one host: tabs out of sight have none.
  const listen = () => {
    events?.close()
    if (document.hidden) return
    events = new EventSource("/-preview/events")
    events.onmessage = told
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
