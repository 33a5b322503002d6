/* Measures whole processes: all variants of a plan, interleaved, pinned to one CPU.
 *
 *   measure ROUNDS STDIN-FILE < PLAN > RESULTS
 *
 * A line of the plan is a variant, its fields separated by tabs:
 *
 *   GROUP NAME EVERY COUNT CONFIG FROM TO PROGRAM ARGV...
 *
 * It runs in every EVERYth round. FROM is copied to TO before the clock starts ("-": no copy). CONFIG becomes
 * $CONTAINER_HOOKS_CONFIG. With a COUNT above 1 that many processes run at once, on all CPUs, and a % in TO and ARGV
 * becomes the number of the process. Each result is a line of JSON: medians, and `added`, the median of the differences
 * to the first variant of the same group in the same round. The first variant of a group has to have the smallest EVERY.
 *
 * The program is static and small, since a child's peak memory is never below that of the process that started it.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { max_variants = 64, max_arguments = 64, max_count = 256, fixed_fields = 8, line_size = 8192 };

typedef struct {
  double microseconds, cpu, peak_kib, faults;
} Sample;

typedef struct {
  char line[line_size];
  char *fields[fixed_fields + max_arguments + 1];
  char **argv;
  Sample *samples; /* one a round; microseconds < 0 where it did not run */
} Variant;

enum { group, name, every, count, config, from, to, program };

static Variant variants[max_variants];
static int variant_count;
static int rounds;
static const char *stdin_file;
static cpu_set_t all_cpus;

static void give_up(const char *what, const char *which) {
  fprintf(stderr, "measure: %s %s\n", what, which);
  exit(1);
}

static int number(const Variant *variant, int field) { return atoi(variant->fields[field]); }

static void read_variant(char *line) {
  Variant *variant = &variants[variant_count];
  int n = 0;
  strcpy(variant->line, line);
  for (char *rest = variant->line, *field; (field = strsep(&rest, "\t\n")) != NULL && *field != '\0';) {
    if (n == fixed_fields + max_arguments) give_up("too many arguments", variant->line);
    variant->fields[n++] = field;
  }
  if (n == 0) return;
  if (n <= fixed_fields || number(variant, count) > max_count) give_up("not a variant:", line);
  variant->argv = variant->fields + fixed_fields;
  variant->samples = calloc((size_t)rounds, sizeof(Sample));
  for (int round = 0; round < rounds; ++round) variant->samples[round].microseconds = -1;
  ++variant_count;
}

static void read_plan(void) {
  static char line[line_size];
  while (fgets(line, sizeof line, stdin) != NULL) {
    if (variant_count == max_variants) give_up("too many variants", "");
    read_variant(line);
  }
}

/* The template with its % replaced by a number. */
static char *numbered(const char *template, int n) {
  static char texts[max_arguments + 2][line_size];
  static int next;
  char *text = texts[next++ % (max_arguments + 2)];
  const char *mark = strchr(template, '%');
  if (mark == NULL) return strcpy(text, template);
  snprintf(text, line_size, "%.*s%d%s", (int)(mark - template), template, n, mark + 1);
  return text;
}

static void copy_file(const char *source, const char *target) {
  static char buffer[1 << 16];
  const int in = open(source, O_RDONLY | O_CLOEXEC);
  unlink(target);
  const int out = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (in < 0 || out < 0) give_up("cannot copy to", target);
  for (ssize_t size; (size = read(in, buffer, sizeof buffer)) > 0;)
    if (write(out, buffer, (size_t)size) != size) give_up("cannot write", target);
  close(in);
  close(out);
}

static void reset(const Variant *variant) {
  if (strcmp(variant->fields[from], "-") == 0) return;
  for (int n = 0; n < number(variant, count); ++n) copy_file(variant->fields[from], numbered(variant->fields[to], n));
}

/* One CPU for a single process, all for many. */
static void use_cpus(int processes) {
  cpu_set_t one;
  size_t last = CPU_SETSIZE - 1;
  while (!CPU_ISSET(last, &all_cpus)) --last;
  CPU_ZERO(&one);
  CPU_SET(last, &one);
  sched_setaffinity(0, sizeof one, processes > 1 ? &all_cpus : &one);
}

static pid_t start(const Variant *variant, int n) {
  extern char **environ;
  char *argv[max_arguments + 1] = {NULL};
  pid_t pid;
  posix_spawn_file_actions_t actions;
  for (int i = 0; variant->argv[i] != NULL; ++i) argv[i] = number(variant, count) > 1 ? numbered(variant->argv[i], n) : variant->argv[i];
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, stdin_file, O_RDONLY, 0);
  if (posix_spawn(&pid, variant->fields[program], &actions, NULL, argv, environ) != 0) give_up("cannot start", variant->fields[program]);
  posix_spawn_file_actions_destroy(&actions);
  return pid;
}

static void finish(const Variant *variant, Sample *sample) {
  int status;
  struct rusage usage;
  if (wait4(-1, &status, 0, &usage) < 0 || status != 0) give_up("failed:", variant->fields[name]);
  sample->cpu += (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
  sample->faults += (double)usage.ru_minflt;
  if ((double)usage.ru_maxrss > sample->peak_kib) sample->peak_kib = (double)usage.ru_maxrss;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static Sample run(const Variant *variant) {
  Sample sample = {0, 0, 0, 0};
  const int processes = number(variant, count);
  reset(variant);
  use_cpus(processes);
  setenv("CONTAINER_HOOKS_CONFIG", variant->fields[config], 1);
  const double begin = now();
  for (int n = 0; n < processes; ++n) start(variant, n);
  for (int n = 0; n < processes; ++n) finish(variant, &sample);
  sample.microseconds = now() - begin;
  return sample;
}

/* A new order, the same in every run of this program. */
static void shuffle(int *order) {
  for (int i = variant_count - 1; i > 0; --i) {
    const int j = rand() % (i + 1), moved = order[i];
    order[i] = order[j];
    order[j] = moved;
  }
}

/* Each round in another order: what a variant finds in the caches is what any other may have left there. */
static void run_all(void) {
  int order[max_variants];
  for (int i = 0; i < variant_count; ++i) order[i] = i;
  for (int round = 0; round < rounds; ++round) {
    shuffle(order);
    for (int i = 0; i < variant_count; ++i) {
      Variant *variant = &variants[order[i]];
      if (round % number(variant, every) == 0) variant->samples[round] = run(variant);
    }
  }
}

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double quantile(double *values, int size, double part) {
  if (size == 0) return 0;
  qsort(values, (size_t)size, sizeof *values, ascending);
  return values[(int)((size - 1) * part)];
}

/* A quantile of one member over the rounds in which the variant ran; with a base, of the differences to it. */
static double over_rounds(const Variant *variant, const Variant *base, size_t member, double part) {
  static double values[1 << 16];
  int size = 0;
  for (int round = 0; round < rounds; ++round) {
    if (variant->samples[round].microseconds < 0) continue;
    values[size] = *(const double *)((const char *)&variant->samples[round] + member);
    if (base != NULL) values[size] -= *(const double *)((const char *)&base->samples[round] + member);
    ++size;
  }
  return quantile(values, size, part);
}

static const Variant *first_of_group(const Variant *variant) {
  const Variant *first = variants;
  while (strcmp(first->fields[group], variant->fields[group]) != 0) ++first;
  return first;
}

static void print(const Variant *variant) {
  const size_t time = offsetof(Sample, microseconds);
  printf("{\"group\":\"%s\",\"name\":\"%s\",\"median_us\":%.1f,\"p95_us\":%.1f,\"added_us\":%.1f,", variant->fields[group],
         variant->fields[name], over_rounds(variant, NULL, time, 0.5), over_rounds(variant, NULL, time, 0.95),
         over_rounds(variant, first_of_group(variant), time, 0.5));
  printf("\"cpu_us\":%.0f,\"peak_kib\":%.0f,\"faults\":%.0f,\"processes\":%d}\n", over_rounds(variant, NULL, offsetof(Sample, cpu), 0.5),
         over_rounds(variant, NULL, offsetof(Sample, peak_kib), 0.5), over_rounds(variant, NULL, offsetof(Sample, faults), 0.5),
         number(variant, count));
}

/* Where we may: real-time processes do not wait for the load of others, which is not to be measured. */
static void keep_others_out(void) {
  const struct sched_param lowest = {.sched_priority = 1};
  sched_setscheduler(0, SCHED_FIFO, &lowest);
}

int main(int argc, char **argv) {
  if (argc != 3 || (rounds = atoi(argv[1])) < 1 || rounds > 1 << 16) give_up("usage:", "measure ROUNDS STDIN-FILE < PLAN");
  stdin_file = argv[2];
  sched_getaffinity(0, sizeof all_cpus, &all_cpus);
  keep_others_out();
  read_plan();
  run_all();
  for (int i = 0; i < variant_count; ++i) print(&variants[i]);
  return 0;
}
