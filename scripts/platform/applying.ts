/** How far an apply is, from the lines that terraform prints. */

const begun = /^(\S+): (?:Creating|Modifying|Destroying)\.\.\./;
const still = /^(\S+): Still \w+\.\.\. \[.*?(\d+m)?(\d+s) elapsed/;
const ended = /^(\S+): (?:Creation|Modifications|Destruction) complete/;

/** Takes each line; answers how far it is where that has changed. */
export const followApply = (): ((line: string) => string | undefined) => {
  const underWay = new Set<string>();
  let done = 0;
  let slow = '';
  return (line) => {
    const [, started] = begun.exec(line) ?? [];
    const [, waiting, minutes = '', seconds = ''] = still.exec(line) ?? [];
    const [, finished] = ended.exec(line) ?? [];
    if (started !== undefined) underWay.add(started);
    if (waiting !== undefined) slow = `, ${waiting} since ${minutes}${seconds}`;
    if (finished !== undefined) {
      underWay.delete(finished);
      done += 1;
      if (slow.startsWith(`, ${finished} `)) slow = '';
    }
    if (started === undefined && waiting === undefined && finished === undefined) return undefined;
    return `${done} done, ${underWay.size} under way${slow}`;
  };
};
