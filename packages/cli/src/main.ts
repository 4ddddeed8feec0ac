#!/usr/bin/env node
import { Command } from "commander";
import pc from "picocolors";
import { FileMemory } from "stable-structures/node";

new Command("stable-structures")
  .command("size")
  .description("print the size of an image, in pages of 64 KiB")
  .argument("<image>", "file with the stable memory")
  .action((image: string) => {
    console.log(pc.bold(String(FileMemory.open(image, { readOnly: true }).size())));
  })
  .parent?.parse();
