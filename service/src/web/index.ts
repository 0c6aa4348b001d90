/** The pages. Each is a function of its props and returns a whole document. */
export { consentPage } from './pages/consent.ts';
export { errorPage } from './pages/error.ts';
export { signInPage } from './pages/sign-in.ts';
export { stepUpPage } from './pages/step-up.ts';
