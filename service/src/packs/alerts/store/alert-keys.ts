/** Where alerts are: those that are looked at, and those that were closed long ago. */
export const STATE_FOLDER = 'alerts/state/';

const alertId = /^[0-9a-f]{32}(?:-[1-9]\d{0,8})?$/;
export const isAlertId = (text: string): boolean => alertId.test(text);

/** Of the alerts of one fingerprint the first has it as its id. */
export const alertIdOf = (fingerprint: string, generation: number): string =>
  generation === 1 ? fingerprint : `${fingerprint}-${generation}`;

/** 1 for the first alert of a fingerprint. */
export const generationOf = (id: string): number => Number(id.split('-')[1] ?? 1);

const below = (folder: string, id: string): string => `${folder}${id.slice(0, 2)}/${id}.json`;

export const stateKey = (id: string): string => below(STATE_FOLDER, id);
export const archiveKey = (id: string): string => below('data/archive/', id);
