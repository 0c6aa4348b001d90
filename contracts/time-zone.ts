/** Whether a text names a time zone of the IANA database, such as Europe/Berlin. */
export const isTimeZone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
};

export const timeZoneError = 'must be a time zone of the IANA database, such as Europe/Berlin or UTC';
