/** The library that speaks with mail servers, in a file of its own: it is large, and loaded only to send a mail. */
export { createTransport } from 'nodemailer';
