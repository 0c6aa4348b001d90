/**
 * For tests: what answers each command of npm that a workflow runs, why it is not the real one, and what proves that. What a
 * workflow runs with node is the real one, but for the few below.
 */
interface Answer {
  /** Bash; arguments are those of the command. */
  readonly bash: string;
  /** Why it is not the real one. */
  readonly because: string;
}

/** The plan that a scenario has put into the folder of the stand-ins, or one without changes. */
const plan = `
out=cdktf.out
if [[ " $* " == *" --offline "* ]]; then out=cdktf.out/offline; fi
mkdir -p "$out/plans" "$out/stacks"
echo '{}' > cdktf.out/manifest.json
plan="$STAND_INS/plan.json"
if [ ! -f "$plan" ] || [ "$out" != cdktf.out ]; then
  echo '{"format_version":"1.2"}' > "$out/plans/$ENVIRONMENT.plan.json"
  jq -n --arg name "$ENVIRONMENT" '{environment: $name, stacks: [{stack: $name, outcome: "none", waitsFor: [], findings: []}]}'
  exit 0
fi
cp "$plan" "$out/plans/$ENVIRONMENT.plan.json"
"$REAL_NODE" --input-type=module -e "
  import { readStacks } from '$ROOT/scripts/plan-review/report.ts';
  const stacks = await readStacks(process.argv[1]);
  console.log(JSON.stringify({ environment: process.env.ENVIRONMENT, stacks }, null, 2));
  process.exitCode = stacks.some(({ outcome }) => outcome !== 'none') ? 2 : 0;
" "$out/plans/$ENVIRONMENT.plan.json"
`;

/** Goes from state to state as npm run cutover does, and keeps its record in a file. */
const cutover = `
record="$STAND_INS/cutover.json"
if [ ! -f "$record" ]; then echo '{"state":"none","way":"load-balancer","share":0,"live":{"blue":100,"green":0}}' > "$record"; fi
set_to() { jq -c --arg state "$1" --argjson share "$2" '. + {state: $state, share: $share, live: {blue: (100 - $share), green: $share}}' "$record" > "$record.new"; mv "$record.new" "$record"; }
text() { jq -r 'if .state == "baking" then "baking(\\(.share))" else .state end' "$record"; }
answer() { jq --arg outcome "$1" --arg says "\${2:-}" --arg text "$(text)" '{outcome: $outcome, says: $says, state: $text, run: .}' "$record"; }
verb="\${!#}"
until=finished
while [ $# -gt 0 ]; do if [ "$1" = --until ]; then until="$2"; fi; shift; done
state=$(jq -r .state "$record")
share=$(jq -r .share "$record")
case $verb in
  status)
    jq --arg text "$(text)" '{environment: "prod", regions: [{region: "us-east-1", state: $text, run: ., live: .live, foreign: false}]}' "$record"
    exit 0
    ;;
  rollback)
    set_to rolled-back 0
    exit 3
    ;;
  start)
    case $state in none | finished | rolled-back | aborted) ;; *) echo "A cutover is open." >&2; exit 1 ;; esac
    set_to smoked 0
    ;;
  resume) case $state in none | finished | rolled-back | aborted) echo "There is no open cutover." >&2; exit 1 ;; esac ;;
esac
if [ "$until" = finished ]; then set_to holding 100; elif [ "$until" != smoked ] && [ "$share" -lt "$until" ]; then set_to baking "$until"; fi
if [ -f "$STAND_INS/cutover-at-$until" ]; then . "$STAND_INS/cutover-at-$until"; fi
if [ "$until" = finished ]; then set_to finished 100; fi
answer reached
`;

const ofCi = 'CI runs it beside these tests';

export const npmAnswers: Readonly<Record<string, Answer>> = {
  ci: { bash: ':', because: 'node_modules is there already' },
  check: { bash: ':', because: ofCi },
  'test:jest': { bash: 'if [[ " $* " == *" --coverage "* ]]; then mkdir -p coverage; fi', because: ofCi },
  'test:cdktn': { bash: ':', because: 'the fork is installed over the network: ci.yml runs it' },
  environments: {
    bash: 'cat "$STAND_INS/environments.json"',
    because: 'starting it for each job took most of the time: hooks.ts runs the same command once, in its own process',
  },
  plan: { bash: plan, because: 'terraform plans for a minute: proof/platform plans every environment' },
  deploy: { bash: ':', because: 'terraform applies for minutes: proof/platform applies every environment' },
  drift: {
    bash: plan,
    because: 'terraform plans for a minute: proof/platform/apply.test.ts plans what a cutover has left half-way',
  },
  image: {
    bash: `
digest=$(printf '%s' "$*" | sha256sum | cut -d ' ' -f 1)
image="111122223333.dkr.ecr.us-east-1.amazonaws.com/countersign@sha256:$digest"
jq -n --arg image "$image" '{environment: "prod", images: [{image: $image}]}'
`,
    because: 'it takes a container engine: scripts/operators.test.ts builds with a stand-in for one',
  },
  'cost:review': {
    bash: `while [ $# -gt 0 ]; do if [ "$1" = --report ]; then echo '# Costs' > "$2"; fi; shift; done; exit 2`,
    because: 'each answer of Cost Explorer costs a cent: its own tests have them',
  },
  'security:review': {
    bash: `while [ $# -gt 0 ]; do if [ "$1" = --report ]; then echo '# Security' > "$2"; fi; shift; done; exit 2`,
    because: 'it asks AWS about the whole account: its own tests have a stand-in',
  },
  weekend: { bash: ':', because: 'terraform applies for minutes: its own tests run it on the stand-in for AWS' },
  doctor: { bash: ':', because: 'it asks AWS and the public address: its own tests have stand-ins for both' },
  migrate: { bash: ':', because: 'it takes a cluster: its own tests start the task' },
  cutover: {
    bash: cutover,
    because: 'it waits for most of an hour: on-aws.test.ts runs the workflow with it on moto, at another pace',
  },
};

export const nodeAnswers: Readonly<Record<string, Answer>> = {
  'cost-delta.ts': {
    bash: `echo '{"costs":[{"environment":"prod","before":{"Tasks":90},"after":{"Tasks":120.5},"budget":350,"problems":[]}]}'`,
    because: 'it takes the history of a checkout: scripts/plan-review/cost-delta.test.ts has one',
  },
};

export const bashOf = (answers: Readonly<Record<string, Answer>>): Record<string, string> =>
  Object.fromEntries(Object.entries(answers).map(([name, { bash }]) => [name, bash]));
