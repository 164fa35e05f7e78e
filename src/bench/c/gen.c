// The load generator of scripts/bench. One command, one run, one line of JSON.
//
//   gen fanout --proto P --port N --subs N (--inflight W | --rate R) --pid PID [--warm S --secs S --payload BYTES]
//              [--publish-port N] [--stalled N] [--slow N --slow-rate BYTES_PER_S] [--loops N]
//   gen idle   --proto P --port N --subs N --pid PID [--prewarm N --secs S]
//   gen http   --port N --pid PID [--connections N --batch N --subs N --warm S --secs S]
//   gen append --proto bridge|redis|jetstream --port N --inflight W [--connections N --address A (--warm S --secs S | --events N)]
//   gen replay --port N --address A --since POSITION --events N
//   gen resume --port N --address A --subs N --connections N --rate R --pid PID [--events N --spread 0|1 --warm S --secs S]
//   gen spin   --loops N [--secs S]      how much work the machine does with N busy threads
#include "gen.h"

#include <errno.h>
#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static _Noreturn void usage(const char *why) {
    fprintf(stderr, "gen: %s\nusage: gen fanout|idle|http|append|replay|resume|spin --proto bridge|sockjs|ws|socketio|nats --port N ...; see gen.c\n", why);
    exit(2);
}

static double number(const char *name, const char *text, double min, double max) {
    char *end;
    errno = 0;
    double value = strtod(text, &end);
    if (errno || end == text || *end || value < min || value > max) {
        fprintf(stderr, "gen: --%s %s: a number from %.0f to %.0f is needed\n", name, text, min, max);
        exit(2);
    }
    return value;
}

// One row per numeric option: where it goes and what it may be.
struct numeric {
    const char *name;
    int *whole;
    double *real;
    double min, max;
};

static struct options parse(int argc, char **argv, bool appends) {
    static struct options o = {.proto = "bridge", .label = "", .since = "", .address = "a", .warm_s = 1, .run_s = 3, .payload = 200,
                               .loops = 1, .connections = 32, .batch = 1, .slow_rate = 10000};
    const struct numeric numbers[] = {
        {"port", &o.port, NULL, 1, 65535},           {"publish-port", &o.publish_port, NULL, 1, 65535},
        {"subs", &o.subscribers, NULL, 0, 9000},     {"stalled", &o.stalled, NULL, 0, 5000},
        {"slow", &o.slow, NULL, 0, 9000},            {"slow-rate", &o.slow_rate, NULL, 50, 1e8},
        {"prewarm", &o.prewarm, NULL, 0, 5000},      {"inflight", &o.inflight, NULL, 1, 10000},
        {"rate", NULL, &o.rate, 0.1, 1e6},           {"warm", NULL, &o.warm_s, 0, 600},
        {"secs", NULL, &o.run_s, 0.1, 600},          {"payload", &o.payload, NULL, 64, 65536},
        {"loops", &o.loops, NULL, 1, MAX_LOOPS},     {"connections", &o.connections, NULL, 1, 2000},
        {"batch", &o.batch, NULL, 1, 1000},          {"events", &o.events, NULL, 0, 1e8},
        {"spread", &o.spread, NULL, 0, 1},
    };
    enum { NUMBERS = sizeof numbers / sizeof *numbers };
    struct option names[NUMBERS + 6] = {
        {"proto", 1, NULL, 'p'}, {"label", 1, NULL, 'l'}, {"address", 1, NULL, 'a'}, {"pid", 1, NULL, 'i'}, {"since", 1, NULL, 's'}};
    for (int i = 0; i < NUMBERS; i++) names[5 + i] = (struct option) {numbers[i].name, 1, NULL, 256 + i};
    for (int c; (c = getopt_long(argc, argv, "", names, NULL)) != -1;) {
        if (c == 'p') o.proto = optarg;
        else if (c == 'l') o.label = optarg;
        else if (c == 'a') o.address = optarg;
        else if (c == 's') o.since = optarg;
        else if (c == 'i' && o.pid_count < MAX_PIDS) o.pids[o.pid_count++] = (int) number("pid", optarg, 1, 1 << 30);
        else if (c >= 256 && numbers[c - 256].whole) *numbers[c - 256].whole = (int) number(numbers[c - 256].name, optarg, numbers[c - 256].min, numbers[c - 256].max);
        else if (c >= 256) *numbers[c - 256].real = number(numbers[c - 256].name, optarg, numbers[c - 256].min, numbers[c - 256].max);
        else usage("unknown option");
    }
    if (optind < argc) usage("unexpected argument");
    if (!appends && !protocol_named(o.proto)) usage("--proto: bridge, sockjs, ws, socketio or nats");
    if (o.publish_port == 0) o.publish_port = o.port;
    return o;
}

static void *spin(void *argument) {
    _Atomic bool *stop = argument;
    uint64_t x = 88172645463325252ull, turns = 0;
    while (!*stop) {
        for (int i = 0; i < 1000; i++) x ^= x << 13, x ^= x >> 7, x ^= x << 17;
        turns++;
    }
    return (void *) (uintptr_t) (turns + (x == 0));
}

int run_spin(const struct options *o) {
    static _Atomic bool stop;
    pthread_t threads[MAX_LOOPS];
    uint64_t turns = 0, started = now_ns();
    struct timespec length = {(time_t) o->run_s, (long) ((o->run_s - (double) (time_t) o->run_s) * 1e9)};
    for (int i = 0; i < o->loops; i++) {
        if (pthread_create(&threads[i], NULL, spin, &stop)) die("pthread_create");
    }
    nanosleep(&length, NULL);
    stop = true;
    for (int i = 0; i < o->loops; i++) {
        void *result;
        pthread_join(threads[i], &result);
        turns += (uintptr_t) result;
    }
    printf("{\"loops\":%d,\"turns_per_s\":%.0f}\n", o->loops, (double) turns / ((double) (now_ns() - started) / 1e9));
    return 0;
}

int main(int argc, char **argv) {
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    signal(SIGPIPE, SIG_IGN);
    if (argc < 2) usage("a command is missing");
    const char *command = argv[1];
    struct options o = parse(argc - 1, argv + 1, strcmp(command, "append") == 0);
    if (strcmp(command, "spin") == 0) return run_spin(&o);
    if (o.port == 0) usage("--port is missing");
    if (strcmp(command, "http") == 0) return run_http(&o);
    if (strcmp(command, "idle") == 0) return run_idle(&o);
    if (strcmp(command, "append") == 0 && !o.inflight) usage("append needs --inflight");
    if (strcmp(command, "append") == 0) return run_append(&o);
    if (strcmp(command, "replay") == 0) return run_replay(&o);
    if (strcmp(command, "resume") == 0 && !(o.rate > 0)) usage("resume needs --rate");
    if (strcmp(command, "resume") == 0) return run_resume(&o);
    if (strcmp(command, "fanout") != 0) usage("unknown command");
    if (!o.inflight == !(o.rate > 0)) usage("one of --inflight and --rate is needed");
    if (o.inflight && !o.subscribers) usage("--inflight needs --subs");
    return run_fanout(&o);
}
