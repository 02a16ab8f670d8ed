package report

import "fmt"

// nameWhole gives each passage its id on the page of the whole report, where the
// passages of all pages stand together. One with a number keeps its own: people
// cite it. Another keeps it if nothing else there has it, or else has the name of
// its page before it. What belongs to no report is in each report's whole, and
// has that name always, so that its place is the same in all.
func (rep *Report) nameWhole() {
	parts := append([]*Page{rep.Summary}, rep.Parts()...)
	wanted := map[string]int{} // by how much
	for _, id := range wholeIDs {
		wanted[id]++
	}
	for _, p := range parts {
		wanted[p.PartID()]++
		for _, h := range p.Passages {
			wanted[h.ID]++
		}
	}
	for _, p := range parts {
		p.wholeIDs = map[string]string{}
		for _, h := range p.Passages {
			h.WholeID = h.ID
			if p.Report == nil || h.Number == "" && (wanted[h.ID] > 1 || recordID.MatchString(h.ID)) {
				h.WholeID = p.PartID() + "-" + h.ID
				for n := 2; wanted[h.WholeID] > 0; n++ {
					h.WholeID = fmt.Sprintf("%s-%s-%d", p.PartID(), h.ID, n)
				}
				wanted[h.WholeID]++
			}
			p.wholeIDs[h.ID] = h.WholeID
		}
	}
}

// wholeID returns the id that a place of the page has on the page of the whole report.
func (p *Page) wholeID(id string) string {
	if whole := p.wholeIDs[id]; whole != "" {
		return whole
	}
	return id
}

// ElementID returns the id that a passage has on the page.
func (p *Page) ElementID(h *Passage) string {
	if p.Whole {
		return h.WholeID
	}
	return h.ID
}
