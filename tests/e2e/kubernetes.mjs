// Objects in YAML files that Kubernetes' own schemas refuse: node kubernetes.mjs FILE...
//
// It stands where the packages kubernetes-models and yaml are. Prints each refusal, and last how many objects it read.
//
// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";

let objects = 0;
for (const file of process.argv.slice(2)) {
  for (const document of parseAllDocuments(readFileSync(file, "utf8"))) {
    const object = document.toJS();
    const models = await import(`kubernetes-models/${object.apiVersion}`);
    objects += 1;
    try {
      new models[object.kind](object).validate();
    } catch (failure) {
      console.log(`${file}: ${object.kind}: ${failure.message}`);
      process.exitCode = 1;
    }
  }
}
console.log(`${objects} objects`);
