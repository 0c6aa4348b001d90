/** Styles of the pack's own pages, beside those of web/countersign.css. */
export const alertStyles = /* css */ `
.board {
  display: grid;
  grid-template-columns: repeat(auto-fill, minmax(11.5rem, 1fr));
  gap: 0.75rem;
  margin: 1.25rem 0;
  padding: 0;
  list-style: none;
}
.site {
  padding: 0.8rem 1rem;
  border: 1px solid var(--line);
  border-left: 6px solid var(--edge);
  border-radius: 6px;
  background: var(--sheet);
}
.site.down {
  border-left-color: var(--bad);
  background: var(--bad-wash);
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
.site h3 {
  margin: 0;
  font-family: var(--mono);
  font-size: 1.05rem;
}
.site p {
  margin: 0.3rem 0 0;
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
@media (max-width: 40rem) {
  .grid.stacked:is(.timeline, .causes) td:nth-child(2) {
    width: auto;
  }
}
@media (min-width: 100rem) {
  .board {
    grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr));
    font-size: 1.15em;
  }
}
`;
