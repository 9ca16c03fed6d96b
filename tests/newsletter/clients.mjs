// Prints, as JSON, what each mail program does not support of the letter in argv[3]: {feature: [programs]}.
// argv[2] is the folder where caniemail is installed.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const { caniemail } = await import(pathToFileURL(path.join(process.argv[2], 'node_modules/caniemail/dist/index.js')));
const html = fs.readFileSync(process.argv[3], 'utf8');
const programs = [
  'gmail.desktop-webmail', 'gmail.ios', 'gmail.android', 'outlook.windows', 'outlook.macos', 'outlook.outlook-com',
  'apple-mail.macos', 'apple-mail.ios', 'yahoo.desktop-webmail', 'yahoo.ios', 'yahoo.android',
  'samsung-email.android', 'thunderbird.macos',
];
const missing = {};

// What nobody tried in a program counts as not supported there; the rest of the letter is judged without it.
function judged(program, letter) {
  try {
    return caniemail({ clients: [program], html: letter }).issues.errors;
  } catch (fault) {
    const untried = /^Feature "([a-z-]+)" not found on/.exec(fault.message)?.[1];
    if (!untried) throw fault;
    (missing[untried] ??= []).push(program);
    return judged(program, letter.replace(new RegExp(`\\b${untried}:[^;"]*;?`, 'g'), ''));
  }
}

for (const program of programs) {
  for (const [, issues] of judged(program, html)) {
    for (const issue of issues) (missing[issue.title] ??= []).push(program);
  }
}
console.log(JSON.stringify(missing));
