/** Styles of the pack's own pages, beside those of web/countersign.css. */
export const alertStyles = /* css */ `
.board {
  display: grid;
  grid-template-columns: repeat(auto-fill, minmax(9.25rem, 1fr));
  gap: 0.75rem;
  margin: 1.25rem 0;
  padding: 0;
  list-style: none;
}
.statuses {
  grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr));
}
.statuses dd {
  display: flex;
  flex-wrap: wrap;
  align-items: baseline;
  column-gap: 0.6rem;
}
.site {
  min-width: 0;
  padding: 0.8rem 1rem;
  overflow-wrap: anywhere;
  border: 1px solid var(--line);
  border-left: 6px solid var(--edge);
  border-radius: 6px;
  background: var(--sheet);
}
.site.down {
  border-left-color: var(--bad);
  background: var(--bad-wash);
}
.site.down .badge {
  background: var(--sheet);
}
.site.degraded {
  border-left-color: var(--warn);
}
.site.operational {
  border-left-color: var(--good);
}
.site.maintenance {
  border-left-style: dashed;
}
.site h2 {
  margin: 0;
  font-family: var(--mono);
  font-size: 1.05rem;
}
.site p {
  margin: 0.3rem 0 0;
}
.alerts :is(th, td) {
  overflow-wrap: anywhere;
}
.alerts .badge {
  white-space: nowrap;
  overflow-wrap: normal;
}
.alerts td:nth-child(4) {
  min-width: 5.5rem;
}
.alerts td:last-child {
  min-width: 8rem;
}
.panel input + .quiet {
  margin-top: 0.75rem;
}
.tree,
.tree ol {
  margin-bottom: 0;
}
.tree {
  padding: 0;
  list-style: none;
}
.notes {
  padding: 0;
  list-style: none;
}
.notes li {
  border-left: 3px solid var(--line);
  padding-left: 1rem;
  margin-block: 0.9rem;
}
.notes p {
  margin: 0;
}
.timeline svg,
.causes svg {
  display: block;
  width: 100%;
  min-width: 8rem;
}
.timeline svg {
  height: 1.75rem;
}
.causes svg {
  height: 0.6rem;
  margin-top: 0.3rem;
}
.timeline :is(th, td):nth-child(2) {
  width: 55%;
}
.causes :is(th, td):nth-child(2) {
  width: 25%;
}
.timeline path {
  stroke: var(--line);
  vector-effect: non-scaling-stroke;
}
.timeline .grave {
  fill: var(--bad);
}
.timeline .slight {
  fill: var(--warn);
}
.causes .whole {
  fill: var(--line);
}
.causes .share {
  fill: var(--brand);
}
.matrix td {
  min-width: 4rem;
  padding: 0.5rem;
  border: 1px solid var(--line);
  text-align: center;
}
/* What only a screen reader says stays within the table, which scrolls on a phone. */
.matrix .same {
  position: relative;
  background: var(--line);
}
.scroll:has(.matrix) + ul {
  margin-top: 0.75rem;
}
.matrix .strong {
  font-weight: 700;
  color: var(--bad);
  background: var(--bad-wash);
}
.matrix .fair {
  color: var(--warn);
  background: var(--warn-wash);
}
@media (min-width: 40rem) {
  .silences {
    table-layout: fixed;
  }
  .silences :is(th, td):first-child {
    width: 26%;
  }
  .silences :is(th, td):nth-child(2) {
    width: 19%;
  }
  .silences :is(th, td):nth-child(4) {
    width: 12%;
  }
  .silences :is(th, td):nth-child(5) {
    width: 14%;
  }
}
@media (max-width: 40rem) {
  .site {
    padding-inline: 0.75rem 0.5rem;
  }
  .grid.stacked:is(.timeline, .causes) td:nth-child(2) {
    width: auto;
  }
}
@media (min-width: 40rem) {
  .board {
    grid-template-columns: repeat(auto-fill, minmax(11.5rem, 1fr));
  }
}
@media (min-width: 100rem) {
  .board {
    grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr));
    font-size: 1.15em;
  }
}
`;
