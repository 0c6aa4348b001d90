/** Styles of the pack's own pages, beside those of web/countersign.css. */
export const taggingStyles = /* css */ `
/* Columns whose widths do not follow what is in them: a long ARN would squeeze the others. */
.planned {
  table-layout: fixed;
}
.grid.planned :is(th, td) {
  overflow-wrap: anywhere;
}
.planned thead th:nth-child(2) {
  width: 7.5rem;
}
.drifts thead th:nth-child(n + 3) {
  width: 31%;
}
.violations thead th:nth-child(1) {
  width: 24%;
}
.violations thead th:nth-child(n + 6) {
  width: 8.5rem;
}
.audits thead th:nth-child(3) {
  width: 18%;
}
.actions.snug {
  gap: 0.5rem;
  margin-top: 0.5rem;
}
.snug .button {
  padding: 0.35rem 0.8rem;
}
.chart {
  margin: 0;
}
.plot {
  display: grid;
  grid-template: 14rem auto / auto 1fr;
  gap: 0.5rem 0.75rem;
  margin: 1rem 0.5rem 0.75rem 0;
  font-size: 0.8125rem;
  color: var(--quiet);
}
.plot svg {
  width: 100%;
  height: 100%;
  overflow: visible;
}
.plot path {
  fill: none;
  stroke: var(--brand);
  stroke-width: 2.5;
  stroke-linecap: round;
  stroke-linejoin: round;
  vector-effect: non-scaling-stroke;
}
.plot .rule {
  stroke: var(--line);
  stroke-width: 1;
}
.plot .dot {
  stroke-width: 11;
}
.plot .hole {
  stroke: var(--sheet);
  stroke-width: 6;
}
.dense .dot {
  stroke-width: 6;
}
.dense .hole {
  stroke-width: 2.5;
}
.scale {
  display: flex;
  flex-direction: column;
  justify-content: space-between;
  margin-block: -0.65em;
  text-align: right;
}
.times {
  grid-column: 2;
  display: flex;
  justify-content: space-between;
}
.bars {
  margin: 1rem 0;
  padding: 0;
  list-style: none;
}
.bars li {
  margin-block: 0.6rem;
}
.bars svg {
  display: block;
  width: 100%;
  height: 1rem;
  overflow: visible;
}
.bars rect {
  stroke: var(--brand);
  stroke-width: 1.5;
  vector-effect: non-scaling-stroke;
}
.bars .attributed {
  fill: var(--brand);
}
.bars .gap {
  fill: var(--sheet);
}
.dot-key {
  display: inline-block;
  width: 11px;
  height: 11px;
  border-radius: 50%;
  background: var(--brand);
}
.dot-key.hollow {
  margin-left: 1rem;
  background: none;
  border: 2.5px solid var(--brand);
}
`;
