/** Styles of the pack's own pages, beside those of web/countersign.css. */
export const budgetStyles = /* css */ `
.budget {
  margin-block: 1rem;
}
.budget h3 {
  overflow-wrap: anywhere;
}
.amounts {
  margin: 0 0 1rem;
}
.amounts-plot {
  display: grid;
  grid-template: 7rem auto / auto minmax(0, 1fr);
  gap: 0.5rem 0.75rem;
  margin: 1rem 0.5rem 0.5rem 0;
  font-size: 0.8125rem;
  color: var(--quiet);
}
.amounts-plot svg {
  width: 100%;
  height: 100%;
  overflow: visible;
}
.amounts-plot path {
  fill: none;
  stroke: var(--brand);
  stroke-width: 2.5;
  stroke-linecap: round;
  stroke-linejoin: round;
  vector-effect: non-scaling-stroke;
}
.amounts-plot .amounts-rule {
  stroke: var(--line);
  stroke-width: 1;
}
.amounts-plot .amounts-dot {
  stroke-width: 9;
}
.amounts-scale {
  display: flex;
  flex-direction: column;
  justify-content: space-between;
  margin-block: -0.65em;
  text-align: right;
}
.amounts-times {
  grid-column: 2;
  display: flex;
  justify-content: space-between;
}
@media (max-width: 30rem) {
  .budget .stacked tbody tr {
    display: grid;
    grid-template-columns: 1fr 1fr;
    column-gap: 0.75rem;
  }
  .budget .stacked tbody th {
    grid-column: 1 / -1;
  }
}
`;
