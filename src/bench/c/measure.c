// Clocks, latencies, CPU time and memory of the servers.
#include "gen.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t) t.tv_sec * NS_PER_S + (uint64_t) t.tv_nsec;
}

_Noreturn void die(const char *what) {
    fprintf(stderr, "gen: %s%s%s\n", what, errno ? ": " : "", errno ? strerror(errno) : "");
    exit(2);
}

void histogram_add(struct histogram *h, uint64_t ns) {
    if (ns == 0) ns = 1;
    if (ns > h->max) h->max = ns;
    h->total++;
    int power = 63 - __builtin_clzll(ns);
    uint64_t step = power >= 7 ? ns >> (power - 7) : ns << (7 - power);
    h->counts[power * 128 + (step & 127)]++;
}

void histogram_merge(struct histogram *into, const struct histogram *from) {
    for (size_t i = 0; i < 64 * 128; i++) into->counts[i] += from->counts[i];
    into->total += from->total;
    if (from->max > into->max) into->max = from->max;
}

double histogram_us(const struct histogram *h, double quantile) {
    uint64_t wanted = (uint64_t) (quantile * (double) h->total + 0.5), seen = 0;
    if (wanted == 0) wanted = 1;
    for (int i = 0; i < 64 * 128; i++) {
        seen += h->counts[i];
        if (seen >= wanted) return (1 + (i & 127) / 128.0) * (double) (1ull << (i >> 7)) / 1000.0;
    }
    return (double) h->max / 1000.0;
}

struct cpu cpu_of(const int *pids, int count) {
    struct cpu sum = {0, 0};
    double tick = (double) sysconf(_SC_CLK_TCK);
    for (int i = 0; i < count; i++) {
        char path[64], text[2048];
        snprintf(path, sizeof path, "/proc/%d/stat", pids[i]);
        FILE *f = fopen(path, "r");
        if (!f) continue;
        text[fread(text, 1, sizeof text - 1, f)] = 0;
        fclose(f);
        // The name in parentheses may hold blanks; utime and stime are the 12th and 13th field after it.
        char *rest = strrchr(text, ')');
        unsigned long user, system;
        if (rest && sscanf(rest + 2, "%*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %lu %lu", &user, &system) == 2) {
            sum.user_s += (double) user / tick;
            sum.system_s += (double) system / tick;
        }
    }
    return sum;
}

struct cpu cpu_since(const int *pids, int count, struct cpu then) {
    struct cpu now = cpu_of(pids, count);
    return (struct cpu) {now.user_s - then.user_s, now.system_s - then.system_s};
}

long rss_kb(const int *pids, int count) {
    long sum = 0;
    for (int i = 0; i < count; i++) {
        char path[64], line[256];
        snprintf(path, sizeof path, "/proc/%d/status", pids[i]);
        FILE *f = fopen(path, "r");
        if (!f) continue;
        long kb;
        while (fgets(line, sizeof line, f)) {
            if (sscanf(line, "VmRSS: %ld", &kb) == 1) sum += kb;
        }
        fclose(f);
    }
    return sum;
}

void rss_sample(struct rss_log *log, const struct options *o, uint64_t now) {
    if (now < log->next_ns) return;
    long kb = rss_kb(o->pids, o->pid_count);
    if (kb > log->max_kb) log->max_kb = kb;
    if (log->count < (int) (sizeof log->samples_kb / sizeof *log->samples_kb)) log->samples_kb[log->count++] = kb;
    log->next_ns = now + NS_PER_S / 2;
}

void rss_print(const struct rss_log *log, const struct options *o) {
    printf(",\"rss_before_kb\":%ld,\"rss_after_kb\":%ld,\"rss_max_kb\":%ld,\"rss_kb\":[", log->before_kb,
           rss_kb(o->pids, o->pid_count), log->max_kb);
    for (int i = 0; i < log->count; i++) printf("%s%ld", i ? "," : "", log->samples_kb[i]);
    printf("]");
}
