// Appending with an answer for each event: producers that keep so many unanswered, beside Redis Streams and NATS JetStream.
//
// One frame is sent again and again; answers are counted by a text that each of them holds once. A producer's answers come in the
// order of its events, so the oldest unanswered event is the one that is answered. `replay` reads what is kept from its beginning.
#define _GNU_SOURCE
#include "gen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST_IN_FLIGHT 1024
#define STUCK_NS (10 * NS_PER_S)

struct kind {
    const char *name;
    const char *answer;  // what each answer holds once
    size_t (*frame)(char *out, const char *json, const struct options *o);
    void (*greet)(struct connection *c, const struct options *o);
};

struct producer {
    struct connection connection;
    char *backlog;  // frames that the socket did not take yet; at most those in flight
    size_t waiting;
    uint64_t sent, answered;
    uint64_t sent_ns[MOST_IN_FLIGHT];
    char tail[32];  // the end of what was read, where an answer may be cut
    size_t tail_length;
};

struct append_run {
    const struct options *o;
    const struct kind *kind;
    struct producer *producers;
    char *frame;
    size_t frame_length;
    int epoll, window;
    uint64_t sent, answered, heard_ns;
    bool measuring, draining;
    struct histogram latency;
    char last[400];  // of what came last, to show when nothing comes any more
};

// ---- what the servers speak ------------------------------------------------------------------------------------------

static size_t bridge_frame(char *out, const char *json, const struct options *o) {
    char *text = malloc(strlen(json) + 1024);
    int n = sprintf(text,
                    "{\"type\":\"publish\",\"address\":\"%s\",\"replyAddress\":\"r\",\"headers\":{\"ce-type\":\"order.placed\","
                    "\"ce-subject\":\"customer-4711\"},\"body\":%s}",
                    o->address, json);
    size_t length = ws_frame(out, 1, text, (size_t) n);
    free(text);
    return length;
}

static size_t redis_frame(char *out, const char *json, const struct options *o) {
    return (size_t) sprintf(out, "*5\r\n$4\r\nXADD\r\n$%zu\r\n%s\r\n$1\r\n*\r\n$4\r\ndata\r\n$%zu\r\n%s\r\n", strlen(o->address), o->address,
                            strlen(json), json);
}

static size_t jetstream_frame(char *out, const char *json, const struct options *o) {
    return (size_t) sprintf(out, "PUB %s _INBOX.bench %zu\r\n%s\r\n", o->address, strlen(json), json);
}

static void say(struct connection *c, const char *text) {
    if (write(c->fd, text, strlen(text)) != (ssize_t) strlen(text)) die("write while connecting");
}

static void await_text(struct connection *c, const char *text) {
    char seen[16384];
    size_t length = 0;
    while (length < sizeof seen - 1) {
        ssize_t n = read(c->fd, seen + length, sizeof seen - 1 - length);
        if (n <= 0) die("connection closed while connecting");
        length += (size_t) n;
        seen[length] = 0;
        if (strstr(seen, text)) return;
    }
    die("an unexpected answer while connecting");
}

static void redis_greet(struct connection *c, const struct options *o) {
    (void) o;
    say(c, "PING\r\n");
    await_text(c, "PONG");
}

static void jetstream_greet(struct connection *c, const struct options *o) {
    char stream[256], text[1024];
    snprintf(stream, sizeof stream, "{\"name\":\"bench\",\"subjects\":[\"%s\"],\"storage\":\"file\"}", o->address);
    await_text(c, "INFO ");
    snprintf(text, sizeof text,
             "CONNECT {\"verbose\":false,\"pedantic\":false}\r\nSUB _CREATED.* 1\r\nPUB $JS.API.STREAM.CREATE.bench _CREATED.bench %zu\r\n%s\r\n",
             strlen(stream), stream);
    say(c, text);
    await_text(c, "\"config\"");
    // Each producer hears its own answers only.
    say(c, "UNSUB 1\r\nPING\r\n");
    await_text(c, "PONG");
}

static const struct kind KINDS[] = {
    {"bridge", "\"offset\":", bridge_frame, NULL},
    {"redis", "$", redis_frame, redis_greet},
    {"jetstream", "\"seq\":", jetstream_frame, jetstream_greet},
};

static const struct kind *kind_named(const char *name) {
    for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
        if (strcmp(KINDS[i].name, name) == 0) return &KINDS[i];
    }
    die("--proto: bridge, redis or jetstream");
}

// ---- producers -------------------------------------------------------------------------------------------------------

static int connect_plain(int port) {
    int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t) port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (fd < 0 || connect(fd, (struct sockaddr *) &to, sizeof to) < 0) die("connect");
    return fd;
}

static void producer_open(struct append_run *r, struct producer *p, int index) {
    p->backlog = malloc(r->frame_length * (size_t) r->window);
    if (r->kind->greet) {
        p->connection = (struct connection) {.fd = connect_plain(r->o->port), .open = true};
        r->kind->greet(&p->connection, r->o);
        if (strcmp(r->kind->name, "jetstream") == 0) {
            char text[128];
            snprintf(text, sizeof text, "SUB _INBOX.b%04d 2\r\n", index);
            say(&p->connection, text);
        }
        fcntl(p->connection.fd, F_SETFL, O_NONBLOCK);
    } else {
        connection_open(&p->connection, r->o, r->o->port, true, 0);
    }
    struct epoll_event e = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = p};
    if (epoll_ctl(r->epoll, EPOLL_CTL_ADD, p->connection.fd, &e) < 0) die("epoll_ctl");
}

static void flush(struct producer *p) {
    if (p->waiting == 0) return;
    ssize_t n = write(p->connection.fd, p->backlog, p->waiting);
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) die("write");
    memmove(p->backlog, p->backlog + n, p->waiting - (size_t) n);
    p->waiting -= (size_t) n;
}

static void fill(struct append_run *r, struct producer *p) {
    uint64_t now = now_ns();
    while (!r->draining && p->sent - p->answered < (uint64_t) r->window && (r->o->events == 0 || r->sent < (uint64_t) r->o->events)) {
        p->sent_ns[p->sent++ % MOST_IN_FLIGHT] = now;
        r->sent++;
        memcpy(p->backlog + p->waiting, r->frame, r->frame_length);
        if (strcmp(r->kind->name, "jetstream") == 0) {
            char inbox[16];
            snprintf(inbox, sizeof inbox, "b%04d", (int) (p - r->producers));
            memcpy(memmem(p->backlog + p->waiting, r->frame_length, "_INBOX.bench", 12) + 7, inbox, 5);
        }
        p->waiting += r->frame_length;
    }
    flush(p);
}

static void answered(struct append_run *r, struct producer *p, uint64_t now) {
    uint64_t sent = p->sent_ns[p->answered++ % MOST_IN_FLIGHT];
    r->answered++;
    if (r->measuring) histogram_add(&r->latency, now > sent ? now - sent : 1);
}

static void receive(struct append_run *r, struct producer *p) {
    static char buffer[sizeof p->tail + 262144];
    size_t length = strlen(r->kind->answer);
    for (;;) {
        char *start = buffer + sizeof p->tail - p->tail_length;
        memcpy(start, p->tail, p->tail_length);
        ssize_t n = read(p->connection.fd, buffer + sizeof p->tail, 262144);
        if (n < 0 && errno == EAGAIN) return;
        if (n <= 0) die("the server closed a connection");
        uint64_t now = r->heard_ns = now_ns();
        char *end = buffer + sizeof p->tail + n, *at = start;
        for (char *found; (found = memmem(at, (size_t) (end - at), r->kind->answer, length)); at = found + length) answered(r, p, now);
        p->tail_length = (size_t) (end - at) < length - 1 ? (size_t) (end - at) : length - 1;
        memcpy(p->tail, end - p->tail_length, p->tail_length);
        snprintf(r->last, sizeof r->last, "%.*s", n < 390 ? (int) n : 390, end - (n < 390 ? n : 390));
    }
}

// ---- the run ---------------------------------------------------------------------------------------------------------

static bool is_done(const struct append_run *r) {
    return r->o->events > 0 && r->answered >= (uint64_t) r->o->events;
}

static void pass(struct append_run *r) {
    struct epoll_event events[256];
    int n = epoll_wait(r->epoll, events, 256, 20);
    for (int i = 0; i < n; i++) {
        struct producer *p = events[i].data.ptr;
        if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) receive(r, p);
        fill(r, p);
    }
    if (now_ns() - r->heard_ns > STUCK_NS) {
        fprintf(stderr, "gen: no answer for 10 s; the last one ended with: %s\n", r->last);
        exit(2);
    }
}

static void run_until(struct append_run *r, double seconds) {
    uint64_t end = now_ns() + (uint64_t) (seconds * 1e9);
    while ((r->o->events > 0 || now_ns() < end) && !is_done(r)) pass(r);
}

static void print(struct append_run *r, uint64_t events, double elapsed, struct cpu cpu) {
    double millions = events > 0 ? (double) events / 1e6 : 1e-9;
    printf("{\"label\":\"%s\",\"proto\":\"%s\",\"connections\":%d,\"inflight\":%d,\"payload\":%d,\"seconds\":%.2f", r->o->label, r->o->proto,
           r->o->connections, r->o->inflight, r->o->payload, elapsed);
    printf(",\"events_per_s\":%.0f,\"cpu_s_per_m\":%.3f,\"server_cpu_percent\":%.1f", (double) events / elapsed,
           (cpu.user_s + cpu.system_s) / millions, (cpu.user_s + cpu.system_s) / elapsed * 100);
    printf(",\"p50_us\":%.0f,\"p99_us\":%.0f,\"max_us\":%.0f}\n", histogram_us(&r->latency, 0.5), histogram_us(&r->latency, 0.99),
           (double) r->latency.max / 1000);
}

static void prepare(struct append_run *r) {
    const struct options *o = r->o;
    char *json = malloc((size_t) o->payload + 64);
    payload(json, o->payload);
    memcpy(memmem(json, 64, "@0", 2), "@1", 2);
    r->frame = malloc((size_t) o->payload + 2048);
    r->frame_length = r->kind->frame(r->frame, json, o);
    free(json);
    r->window = (o->inflight + o->connections - 1) / o->connections;
    if (r->window > MOST_IN_FLIGHT) die("at most 1024 events in flight for each connection");
    r->epoll = epoll_create1(0);
    r->producers = calloc((size_t) o->connections, sizeof *r->producers);
    for (int i = 0; i < o->connections; i++) producer_open(r, &r->producers[i], i);
    r->heard_ns = now_ns();
}

int run_append(const struct options *o) {
    struct append_run *r = calloc(1, sizeof *r);
    r->o = o;
    r->kind = kind_named(o->proto);
    prepare(r);
    if (o->events == 0) run_until(r, o->warm_s);
    struct cpu cpu = cpu_of(o->pids, o->pid_count);
    uint64_t started = now_ns(), before = r->answered;
    r->measuring = true;
    run_until(r, o->run_s);
    double elapsed = (double) (now_ns() - started) / 1e9;
    cpu = cpu_since(o->pids, o->pid_count, cpu);
    print(r, r->answered - before, elapsed, cpu);
    return 0;
}

// ---- replay ----------------------------------------------------------------------------------------------------------

static void replayed(void *owner, uint64_t stamp) {
    (void) stamp;
    ++*(uint64_t *) owner;
}

// One session that begins at a position and reads so many events.
int run_replay(const struct options *o) {
    struct connection c;
    char text[512];
    uint64_t seen = 0, last_ns;
    connection_open(&c, o, o->port, true, 0);
    struct cpu cpu = cpu_of(o->pids, o->pid_count);
    uint64_t started = last_ns = now_ns();
    snprintf(text, sizeof text, "{\"type\":\"register\",\"address\":\"%s\",\"headers\":{\"weir-since\":\"%s\"}}", o->address, o->since);
    connection_send(&c, text);
    int epoll = epoll_create1(0);
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = &c};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, c.fd, &e) < 0) die("epoll_ctl");
    while (seen < (uint64_t) o->events) {
        epoll_wait(epoll, &e, 1, 1000);
        struct reading got = connection_read(&c, 1 << 20, replayed, &seen);
        if (got.closed) die("the server closed the connection");
        if (got.bytes > 0) last_ns = now_ns();
        if (now_ns() - last_ns > STUCK_NS) die("no event for 10 s");
    }
    double elapsed = (double) (now_ns() - started) / 1e9;
    cpu = cpu_since(o->pids, o->pid_count, cpu);
    printf("{\"label\":\"%s\",\"events\":%lu,\"seconds\":%.3f,\"events_per_s\":%.0f,\"cpu_s_per_m\":%.3f}\n", o->label, seen, elapsed,
           (double) seen / elapsed, (cpu.user_s + cpu.system_s) / ((double) seen / 1e6));
    return 0;
}
