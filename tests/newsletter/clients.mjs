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
for (const program of programs) {
  for (const [, issues] of caniemail({ clients: [program], html }).issues.errors) {
    for (const issue of issues) (missing[issue.title] ??= []).push(program);
  }
}
console.log(JSON.stringify(missing));
