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
@media (min-width: 100rem) {
  .board {
    grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr));
    font-size: 1.15em;
  }
}
`;
