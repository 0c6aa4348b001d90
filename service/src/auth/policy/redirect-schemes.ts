/**
 * Which schemes an installed app may be answered at. RFC 8252 7.1 asks for a reverse domain name, which no editor or
 * assistant in use has: they are cursor:, vscode:, claude:, and new ones come every month. So what a system or a browser
 * owns is refused, and any other name is taken: what an answer opens is the person's own app, or nothing.
 */

/** Handled by systems, browsers and what ships with them: an answer there starts a program nobody signed in for. */
const owned: ReadonlySet<string> = new Set(
  [
    // Browsers
    'about blob data file filesystem javascript livescript mocha vbscript view-source resource jar wyciwyg devtools',
    'edge brave opera vivaldi feed feeds cid mid mhtml mk res ws wss webpack urn tag info http',
    // Transfer and remote access
    'ftp ftps sftp tftp scp ssh telnet rlogin tn3270 rdp vnc gopher news nntp snews wais nfs smb cifs afp dav davs ldap',
    'ldaps rsync git svn cvs hg jdbc odbc dict dns finger irc ircs imap pop rtsp rtmp mms mmst mmsh magnet ed2k',
    // Mail, phone, places, calendars, money
    'mailto sms smsto mmsto tel telprompt callto facetime facetime-audio facetime-group imessage im sip sips xmpp skype',
    'geo maps webcal webcals calendar calshow contact contacts addressbook message messages photos-redirect bitcoin',
    'ethereum lightning payto upi wallet shoebox',
    // Windows
    'shell search search-ms msdt hcp help its ldap calculator bingmaps bingnews bingweather onenote onenote-cmd',
    'outlookmail outlookcal outlookaccounts windowsdefender xbox zune insiderhub mswindowsmusic mswindowsvideo',
    // Apple
    'prefs app-prefs app-settings settings macappstore macappstores music musics podcast podcasts videos books ibooks',
    'map shortcuts workflow diagnostics calinvite clips mobilenotes applenotes',
    // Android and Linux
    'intent content market package apt snap appstream flatpak help man ghelp trash computer network burn recent admin',
    'mtp gphoto2 steam docker',
  ].flatMap((line) => line.split(' ')),
);

const ownedFamilies = [
  /^ms-/,
  /^(microsoft|windows|apple|com-apple|android|chrome|google-?chrome|safari|firefox|itms)/,
  /^(x|moz|web|ext|view|search|edge|vnd)[-+.]/,
  /^com\.(apple|microsoft|android)\./,
];

/** @param protocol of a URL, with its colon */
export const isOwnedScheme = (protocol: string): boolean => {
  const scheme = protocol.replace(/:$/, '').toLowerCase();
  // One or two letters are a drive, or nobody's.
  return scheme.length < 3 || owned.has(scheme) || ownedFamilies.some((family) => family.test(scheme));
};
