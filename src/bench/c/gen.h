// The load generator of scripts/bench: what its files share. See gen.c for the commands.
#ifndef WEIR_BENCH_GEN_H
#define WEIR_BENCH_GEN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NS_PER_S 1000000000ull
#define MAX_PIDS 4
#define MAX_LOOPS 8

// ---- options (gen.c) -------------------------------------------------------------------------------------------------

struct options {
    const char *proto;    // bridge, sockjs, ws, socketio, nats
    const char *label;    // copied into the result
    const char *address;  // where events are published
    int port;             // subscribers connect here
    int publish_port;     // the publisher connects here; the same as port unless given
    int subscribers;      // readers that keep up
    int stalled;          // more readers, which never read
    int slow;             // more readers, which read slow_rate bytes a second
    int slow_rate;
    int prewarm;          // idle: connections that are opened and closed before the first reading of the memory
    int inflight;         // closed loop: publishes in flight; 0 with a rate
    double rate;          // open loop: publishes a second; 0 with inflight
    double warm_s, run_s;
    int payload;          // bytes of the JSON payload
    int loops;            // event loops of the generator
    int connections;      // http: keep-alive connections
    int batch;            // http: events in one request
    int events;           // append: how many, instead of for how long; replay: how many to await; resume: how many were missed
    int spread;           // resume: 1 for a position of its own for each session, 0 to 2 * events behind
    const char *since;    // replay: the position to begin at
    int pids[MAX_PIDS];   // server processes whose CPU and memory are read
    int pid_count;
};

// ---- measuring (measure.c) -------------------------------------------------------------------------------------------

uint64_t now_ns(void);
_Noreturn void die(const char *what);

// Latencies with 128 steps per power of two, so within 1 %.
struct histogram {
    uint64_t counts[64 * 128];
    uint64_t total, max;
};
void histogram_add(struct histogram *h, uint64_t ns);
void histogram_merge(struct histogram *into, const struct histogram *from);
double histogram_us(const struct histogram *h, double quantile);

struct cpu {
    double user_s, system_s;
};
struct cpu cpu_of(const int *pids, int count);
struct cpu cpu_since(const int *pids, int count, struct cpu then);
long rss_kb(const int *pids, int count);

// Memory of the servers, read every half second.
struct rss_log {
    long before_kb, max_kb;
    int count;
    long samples_kb[512];
    uint64_t next_ns;
};
void rss_sample(struct rss_log *log, const struct options *o, uint64_t now);
void rss_print(const struct rss_log *log, const struct options *o);

// ---- protocols (protocol.c) ------------------------------------------------------------------------------------------

struct connection;

struct protocol {
    const char *name;
    int opcode;  // WebSocket opcode of what the client sends
    void (*path)(char *out, size_t size);
    void (*open)(struct connection *c, const struct options *o, bool publisher);
    size_t (*wrap)(char *out, const char *json, const struct options *o);
};
const struct protocol *protocol_named(const char *name);

// One WebSocket text or binary frame as a client sends it (masked with zero); answers its length.
size_t ws_frame(char *out, int opcode, const char *payload, size_t length);

// ---- connections (connection.c) --------------------------------------------------------------------------------------

#define STAMP_LENGTH 20  // '@' and 19 digits: the nanosecond at which the event was published

struct connection {
    int fd;
    int opcode;
    bool open;
    int carried;  // bytes of a stamp that was cut by the end of a read
    char carry[STAMP_LENGTH];
    char *inbox;  // while connecting: what has come after the upgrade
    size_t inbox_length;
};

void connection_open(struct connection *c, const struct options *o, int port, bool publisher, int receive_buffer);
void connection_send(struct connection *c, const char *text);
void connection_await(struct connection *c, const char *text);

// {"ts":"@0000000000000000000","kind":"price","pad":"..."} of exactly size bytes
void payload(char *out, int size);

// Told of each stamp found in what a connection received.
typedef void (*on_stamp)(void *owner, uint64_t published_ns);
struct reading {
    uint64_t bytes, reads;
    bool closed;
};
// Reads at most limit bytes and reports the stamps in them.
struct reading connection_read(struct connection *c, size_t limit, on_stamp stamp, void *owner);

// A publish frame with a place for its stamp, and what the socket did not take yet.
struct publisher {
    struct connection connection;
    char *frame;
    size_t frame_length, stamp_offset;
    char *backlog;
    size_t backlog_length, backlog_capacity;
    uint64_t published, refused;  // refused: not sent since the backlog was full
};
void publisher_open(struct publisher *p, const struct options *o);
void publisher_send(struct publisher *p, uint64_t stamp_ns);
void publisher_flush(struct publisher *p);

// ---- commands --------------------------------------------------------------------------------------------------------

int run_fanout(const struct options *o);
int run_idle(const struct options *o);
int run_http(const struct options *o);
int run_append(const struct options *o);
int run_replay(const struct options *o);
int run_resume(const struct options *o);
int run_spin(const struct options *o);

#endif
