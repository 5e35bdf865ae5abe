/**
 * As much of batch/v1 as the recipes use (Kubernetes 1.33, where `successPolicy` and `backoffLimitPerIndex` are stable), strictly,
 * and what the API server asks beyond the types: these need an Indexed Job, a pod failure policy pods that are not restarted,
 * and exit codes that are not 0. The recipes are checked against it.
 */
import { z } from 'zod';

const exitRule = z.strictObject({
  action: z.enum(['Ignore', 'FailJob', 'FailIndex', 'Count']),
  onExitCodes: z.strictObject({
    containerName: z.string(),
    operator: z.enum(['In', 'NotIn']),
    values: z.array(z.int().min(1).max(255)).min(1).max(255),
  }),
});
const conditionRule = z.strictObject({
  action: z.enum(['Ignore', 'FailJob', 'FailIndex', 'Count']),
  onPodConditions: z.array(z.strictObject({ type: z.string(), status: z.enum(['True', 'False', 'Unknown']) })).min(1),
});
const metadata = z.strictObject({ name: z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/) });
const variable = z.union([
  z.strictObject({ name: z.string(), value: z.string() }),
  z.strictObject({
    name: z.string(),
    valueFrom: z.strictObject({ fieldRef: z.strictObject({ fieldPath: z.string() }) }),
  }),
]);
const jobSpec = z
  .strictObject({
    completionMode: z.enum(['Indexed', 'NonIndexed']).optional(),
    completions: z.int().min(1).optional(),
    parallelism: z.int().min(0).optional(),
    backoffLimit: z.int().min(0).optional(),
    backoffLimitPerIndex: z.int().min(0).optional(),
    maxFailedIndexes: z.int().min(0).optional(),
    activeDeadlineSeconds: z.int().min(1).optional(),
    podFailurePolicy: z.strictObject({ rules: z.array(z.union([exitRule, conditionRule])).max(20) }).optional(),
    successPolicy: z
      .strictObject({
        rules: z
          .array(
            z.strictObject({
              succeededIndexes: z
                .string()
                .regex(/^\d+(-\d+)?(,\d+(-\d+)?)*$/)
                .optional(),
              succeededCount: z.int().min(1).optional(),
            }),
          )
          .min(1)
          .max(20),
      })
      .optional(),
    template: z.strictObject({
      spec: z.strictObject({
        restartPolicy: z.literal('Never'),
        containers: z
          .array(
            z.strictObject({
              name: z.string(),
              image: z.string(),
              command: z.tuple([z.literal('sh'), z.literal('-c')]),
              args: z.array(z.string()),
              env: z.array(variable),
              securityContext: z
                .strictObject({ capabilities: z.strictObject({ add: z.array(z.string()) }) })
                .optional(),
              volumeMounts: z.array(z.strictObject({ name: z.string(), mountPath: z.string() })),
            }),
          )
          .length(1),
        volumes: z.array(
          z.strictObject({ name: z.string(), persistentVolumeClaim: z.strictObject({ claimName: z.string() }) }),
        ),
      }),
    }),
  })
  .check(({ value: spec, issues }) => {
    const isIndexed = spec.completionMode === 'Indexed';
    const say = (message: string): void => void issues.push({ code: 'custom', message, input: spec });
    if (isIndexed && spec.completions === undefined) say('an Indexed Job says how many completions it has');
    if (!isIndexed && (spec.backoffLimitPerIndex ?? spec.successPolicy) !== undefined)
      say('backoffLimitPerIndex and successPolicy are for Indexed Jobs');
    if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined)
      say('maxFailedIndexes needs backoffLimitPerIndex');
    const { containers, volumes } = spec.template.spec;
    for (const { volumeMounts } of containers)
      for (const { name } of volumeMounts) if (!volumes.some((each) => each.name === name)) say(`no volume ${name}`);
    for (const rule of spec.podFailurePolicy?.rules ?? [])
      if ('onExitCodes' in rule && !containers.some(({ name }) => name === rule.onExitCodes.containerName))
        say(`no container ${rule.onExitCodes.containerName}`);
  });

export const job = z.strictObject({
  apiVersion: z.literal('batch/v1'),
  kind: z.literal('Job'),
  metadata,
  spec: jobSpec,
});

/** Its jobs have names of their own, eleven characters longer. */
export const cronJob = z.strictObject({
  apiVersion: z.literal('batch/v1'),
  kind: z.literal('CronJob'),
  metadata: z.strictObject({ name: metadata.shape.name.max(52) }),
  spec: z.strictObject({
    schedule: z.string().regex(/^\d+ \d+ \* \* \*$/),
    concurrencyPolicy: z.enum(['Allow', 'Forbid', 'Replace']).optional(),
    jobTemplate: z.strictObject({ spec: jobSpec }),
  }),
});
