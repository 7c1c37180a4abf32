// The engines written in JavaScript, each asked for by a line on standard input.
//
//     node engines.mjs FOLDER < lines of "engine [file for the first document]"

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const folder = process.argv[2];
const require = createRequire(`${folder}/`);
const Docxtemplater = require("docxtemplater");
const PizZip = require("pizzip");
const { TemplateHandler } = require("easy-template-x");

const records = JSON.parse(readFileSync(`${folder}/records.json`, "utf8"));
const template = readFileSync(`${folder}/braces.docx`);

const handler = new TemplateHandler();
const engines = {
  docxtemplater: (record) => {
    const document = new Docxtemplater(new PizZip(template));
    document.render(record);
    return document.toBuffer({ compression: "DEFLATE" });
  },
  "easy-template-x": (record) => handler.process(template, record),
};

async function measured(engine, file) {
  const wall = [];
  const before = process.cpuUsage();
  for (const record of records) {
    const start = process.hrtime.bigint();
    const document = await engine(record);
    wall.push(Number(process.hrtime.bigint() - start));
    if (file) {
      writeFileSync(file, document);
      return {};
    }
  }
  const { user, system } = process.cpuUsage(before);
  return { wall, processor: ((user + system) * 1000) / records.length };
}

for await (const line of createInterface({ input: process.stdin })) {
  const [name, file] = line.split(" ");
  console.log(JSON.stringify(await measured(engines[name], file)));
}
