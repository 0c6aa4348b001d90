/** The pages. Each is a function of its props and returns a whole document. */
export { approvalsPage } from './pages/approvals.ts';
export { appsPage } from './pages/apps.ts';
export { auditPage } from './pages/audit.ts';
export { consentPage } from './pages/consent.ts';
export { denialsPage } from './pages/denials.ts';
export { errorPage } from './pages/error.ts';
export { homePage } from './pages/home.ts';
export { jobsPage } from './pages/jobs.ts';
export { noticesPage } from './pages/notices.ts';
export { onwardPage } from './pages/onward.ts';
export { operationPage } from './pages/operation.ts';
export { operationsPage } from './pages/operations.ts';
export { sentNoticesPage } from './pages/sent-notices.ts';
export { signInPage } from './pages/sign-in.ts';
export { stepUpPage } from './pages/step-up.ts';
