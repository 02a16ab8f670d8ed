package report

import "fmt"

// setWholeIDs sets the id of each passage on the page of the whole report, which has
// the passages of all pages. A numbered passage keeps its id, because people cite
// it. Another keeps it if it is unique there; if not, the name of its page is put
// in front. That is also done for all passages outside reports, so that their ids
// are the same in every report.
func (rep *Report) setWholeIDs() {
	parts := append([]*Page{rep.Summary}, rep.Parts()...)
	uses := map[string]int{} // how many elements want each id
	for _, id := range reservedIDs {
		uses[id]++
	}
	for _, p := range parts {
		uses[p.PartID()]++
		for _, h := range p.Passages {
			uses[h.ID]++
		}
	}
	for _, p := range parts {
		p.wholeIDs = map[string]string{}
		for _, h := range p.Passages {
			h.WholeID = h.ID
			if p.Report == nil || h.Number == "" && (uses[h.ID] > 1 || recordID.MatchString(h.ID)) {
				h.WholeID = p.PartID() + "-" + h.ID
				for n := 2; uses[h.WholeID] > 0; n++ {
					h.WholeID = fmt.Sprintf("%s-%s-%d", p.PartID(), h.ID, n)
				}
				uses[h.WholeID]++
			}
			p.wholeIDs[h.ID] = h.WholeID
		}
	}
}

// wholeID returns the id of an element of the page on the page of the whole report.
func (p *Page) wholeID(id string) string {
	if whole := p.wholeIDs[id]; whole != "" {
		return whole
	}
	return id
}

// ElementID returns the id of a passage on the page.
func (p *Page) ElementID(h *Passage) string {
	if p.Whole {
		return h.WholeID
	}
	return h.ID
}
