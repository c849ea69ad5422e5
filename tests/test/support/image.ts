import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import dockerignore from '@balena/dockerignore';
import { type Dockerfile, DockerfileParser, type Instruction, type ModifiableInstruction, type PropertyInstruction } from 'dockerfile-ast';

/** A stage of a Dockerfile as it came out: a folder that stands for the root of its file system, and what the image says of itself. */
export interface Stage {
  /** Where its `/` is. */
  root: string;
  environment: Record<string, string>;
  labels: Record<string, string>;
  workdir: string;
  user: string;
  entrypoint: string[];
  healthcheck: string[];
  volumes: string[];
}

export interface BuildOptions {
  dockerfile: string;
  /** The folder from which COPY takes. Its `.dockerignore` is obeyed. */
  context: string;
  args: Record<string, string>;
  /** Makes up for what a container would fetch: called after each COPY from the context, with the folder that was copied into. */
  lend(folder: string): void;
}

/**
 * Does what a Dockerfile says, without Docker: each stage is a bare folder, and RUN runs the very same command in it. What differs: the
 * programs are this machine's and not those of the base image, and owners, modes and mounts are left out.
 */
export class Image {
  readonly #home = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'fairway-image-'));
  readonly #options: BuildOptions;
  readonly #stages = new Map<string, Stage>();
  #args: Record<string, string> = {};
  #stage: Stage = this.#newStage();

  constructor(options: BuildOptions) {
    this.#options = options;
    for (const instruction of parse(options.dockerfile).getInstructions()) this.#take(instruction);
  }

  /** What the last stage came out as. */
  get result(): Stage {
    return this.#stage;
  }

  remove(): void {
    fs.rmSync(this.#home, { recursive: true, force: true });
  }

  #take(instruction: Instruction): void {
    const text = instruction.getArgumentsContent() ?? '';
    const take = this.#steps[instruction.getKeyword()];
    if (take === undefined) throw new Error(`${instruction.getKeyword()} is not known here: ${text}`);
    take(text, instruction);
  }

  readonly #steps: Readonly<Record<string, (text: string, instruction: Instruction) => void>> = {
    FROM: (text) => {
      this.#stage = this.#newStage();
      this.#args = {};
      this.#stages.set(/ AS (\S+)$/i.exec(text)?.[1] ?? String(this.#stages.size), this.#stage);
    },
    ARG: (text) => {
      const [name = '', fallback = ''] = text.split('=');
      this.#args[name] = this.#options.args[name] ?? fallback;
    },
    ENV: (_text, instruction) => Object.assign(this.#stage.environment, this.#properties(instruction)),
    LABEL: (_text, instruction) => Object.assign(this.#stage.labels, this.#properties(instruction)),
    WORKDIR: (text) => {
      this.#stage.workdir = text;
      fs.mkdirSync(this.#stage.root + text, { recursive: true });
    },
    COPY: (text, instruction) => this.#copy(text, flagOf(instruction, 'from')),
    RUN: (text) => this.#run(text),
    USER: (text) => {
      this.#stage.user = text;
    },
    VOLUME: (text) => void this.#stage.volumes.push(text),
    EXPOSE: () => undefined,
    HEALTHCHECK: (text) => {
      this.#stage.healthcheck = inside(this.#stage, JSON.parse(text.slice(text.indexOf('['))));
    },
    ENTRYPOINT: (text) => {
      this.#stage.entrypoint = inside(this.#stage, JSON.parse(text));
    },
  };

  #newStage(): Stage {
    const root = fs.mkdtempSync(path.join(this.#home, 'stage-'));
    return { root, environment: {}, labels: {}, workdir: '/', user: '', entrypoint: [], healthcheck: [], volumes: [] };
  }

  #copy(text: string, source: string | undefined): void {
    const [from = '', to = ''] = text.split(/\s+/);
    const target = path.join(this.#stage.root, path.resolve(this.#stage.workdir, to));
    if (source !== undefined) fs.cpSync(path.join(this.#stageNamed(source).root, from), target, { recursive: true });
    else {
      for (const file of contextFiles(this.#options.context)) fs.cpSync(path.join(this.#options.context, file), path.join(target, file));
      this.#options.lend(target);
    }
  }

  #stageNamed(name: string): Stage {
    const stage = this.#stages.get(name);
    if (stage === undefined) throw new Error(`There is no stage "${name}".`);
    return stage;
  }

  #run(command: string): void {
    const { root, environment, workdir } = this.#stage;
    const env = { ...process.env, CI: '', ...environment, ...this.#args };
    // An absolute path is one within the container.
    const here = command.replaceAll(/(?<=\s)\/(?=\w)/g, `${root}/`);
    const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', here], { cwd: root + workdir, env, encoding: 'utf8' });
    if (status !== 0) throw new Error(`RUN ${command} failed:\n${stdout}${stderr}`);
  }

  #properties(instruction: Instruction): Record<string, string> {
    const properties = (instruction as PropertyInstruction).getProperties();
    const expand = (text: string) => text.replaceAll(/\$\{(\w+)\}/g, (_whole, name: string) => this.#args[name] ?? '');
    return Object.fromEntries(properties.map((property) => [property.getName(), expand(property.getValue() ?? '')]));
  }
}

export function parse(dockerfile: string): Dockerfile {
  return DockerfileParser.parse(dockerfile);
}

function flagOf(instruction: Instruction, name: string): string | undefined {
  const flags = (instruction as ModifiableInstruction).getFlags();
  return flags.find((flag) => flag.getName() === name)?.getValue() ?? undefined;
}

/** A command of the image as it is run here: paths of the container are those of the folder that stands for it. */
function inside({ root }: Stage, command: readonly string[]): string[] {
  return command.map((word) => (word.startsWith('/') ? root + word : word));
}

/** What Docker would be sent: the files that `.dockerignore` leaves, from the context. */
export function contextFiles(context: string): string[] {
  const lines = fs.readFileSync(path.join(context, '.dockerignore'), 'utf8').split('\n');
  const matcher = dockerignore.default().add(lines);
  const ignores = (file: string) => matcher.ignores(file);
  const kept = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  const walk = (folder: string): string[] =>
    fs.readdirSync(path.join(context, folder), { withFileTypes: true }).flatMap((entry) => {
      const file = path.join(folder, entry.name);
      if (entry.isFile()) return ignores(file) ? [] : [file];
      // As Docker does, a folder is entered when something in it may be an exception.
      return entry.isDirectory() && (!ignores(file) || kept.some((line) => line.startsWith(`${file}/`))) ? walk(file) : [];
    });
  return walk('');
}
