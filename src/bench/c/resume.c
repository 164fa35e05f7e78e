// Many sessions that come again at once, each from its position, while events go on to those that stayed.
//
// Frames are parsed here: every client looks at the offset of every event, which must be one more than that of the one before. The
// sockets of those that stayed are looked at after each read from any other one, so that the generator does not add to their latency.
#define _GNU_SOURCE
#include "gen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define CARRY_SIZE 16384
#define READ_SIZE 65536
#define LONGEST_NS (90 * NS_PER_S)

enum stage { CONNECTING, UPGRADING, REGISTERING, READING, GONE };

struct session {
    int fd;
    enum stage stage;
    bool stayed, caught_up;
    uint64_t since, at, target;  // offsets: where it began, the last one it has, the one that makes it caught up
    char *carry;                 // a frame of which the end is missing
    size_t carried;
};

struct phase {
    uint64_t began_ns, ended_ns, replayed, deliveries;
    struct histogram stayed, returned;  // latencies of events that were published meanwhile, to those that stayed and the others
    struct cpu cpu;
};

struct resume_run {
    const struct options *o;
    struct session *stayed, *returned;
    struct publisher publisher;
    int live, all;  // epoll: those that stayed; those that come again, and `live`
    char epoch[64];
    uint64_t newest, base, due_ns, wrong, caught_up;
    struct phase *phase, phases[4];
    char first_wrong[200];
};

enum { WARM, BEFORE, DURING, AFTER };

static void wrong(struct resume_run *r, const char *what, const struct session *s, uint64_t offset) {
    if (r->wrong++ == 0) {
        snprintf(r->first_wrong, sizeof r->first_wrong, "%s: a session that began after %lu has %lu and got %lu", what, s->since, s->at, offset);
    }
}

// ---- frames ----------------------------------------------------------------------------------------------------------

static uint64_t whole(const char *digits, const char *end) {
    uint64_t value = 0;
    for (; digits < end && *digits >= '0' && *digits <= '9'; digits++) value = value * 10 + (uint64_t) (*digits - '0');
    return value;
}

static const char *after(const char *text, const char *end, const char *name) {
    const char *found = memmem(text, (size_t) (end - text), name, strlen(name));
    return found ? found + strlen(name) : NULL;
}

static bool begins(const char *text, const char *end, const char *with) {
    return (size_t) (end - text) >= strlen(with) && memcmp(text, with, strlen(with)) == 0;
}

static void is_caught_up(struct resume_run *r, struct session *s) {
    if (!s->caught_up && !s->stayed && s->at >= s->target) {
        s->caught_up = true;
        r->caught_up++;
    }
}

// Counts where it was published, however late it comes.
static void latency(struct resume_run *r, const struct session *s, uint64_t published) {
    uint64_t now = now_ns();
    struct phase *p = r->phase;
    while (p > r->phases && published < p->began_ns) p--;
    if (published >= p->began_ns && published < now) histogram_add(s->stayed ? &p->stayed : &p->returned, now - published);
}

static void event(struct resume_run *r, struct session *s, uint64_t offset, const char *text, const char *end) {
    if (s->at && offset != s->at + 1) wrong(r, offset <= s->at ? "twice" : "a gap", s, offset);
    s->at = offset;
    if (s->stayed && offset > r->newest) r->newest = offset;
    r->phase->deliveries++;
    if (!s->stayed && offset <= s->target) r->phase->replayed++;
    const char *stamp = s->stayed || s->caught_up ? after(text, end, "\"@") : NULL;
    if (stamp) latency(r, s, whole(stamp, end));
    is_caught_up(r, s);
}

static void registered(struct resume_run *r, struct session *s, uint64_t offset, const char *text, const char *end) {
    const char *epoch = after(text, end, "\"weir-epoch\":\"");
    if (s->stayed && epoch && !r->epoch[0]) snprintf(r->epoch, sizeof r->epoch, "%.*s", (int) strcspn(epoch, "\""), epoch);
    if (!after(text, end, "\"weir-recovered\":\"true\"") || (r->o->events && !s->stayed && offset != s->since)) {
        wrong(r, "not recovered", s, offset);
    }
    s->stage = READING;
    s->at = offset;
    is_caught_up(r, s);
}

static void frame(struct resume_run *r, struct session *s, const char *text, const char *end) {
    const char *place = after(text, end, "\"weir-offset\":\"");
    uint64_t offset = place ? whole(place, end) : 0;
    if (begins(text, end, "{\"type\":\"rec\"") && place) {
        event(r, s, offset, text, end);
    } else if (begins(text, end, "{\"type\":\"registered\"") && place) {
        registered(r, s, offset, text, end);
    } else if (!begins(text, end, "{\"type\":\"position\"")) {
        fprintf(stderr, "gen: an unexpected frame: %.*s\n", (int) (end - text > 300 ? 300 : end - text), text);
        exit(2);
    }
}

// How many bytes the first WebSocket frame has, and where its text begins; 0 while its end is missing.
static size_t measure(const char *data, size_t length, size_t *text) {
    const unsigned char *bytes = (const unsigned char *) data;
    if (length < 2) return 0;
    size_t size = bytes[1] & 127, head = size < 126 ? 2 : size == 126 ? 4 : 10;
    if (length < head) return 0;
    if (head > 2) {
        size = 0;
        for (size_t i = 2; i < head; i++) size = size << 8 | bytes[i];
    }
    *text = head;
    return length < head + size ? 0 : head + size;
}

static size_t frames(struct resume_run *r, struct session *s, const char *data, size_t length) {
    size_t used = 0, text;
    for (size_t size; (size = measure(data + used, length - used, &text)) > 0; used += size) {
        if ((data[used] & 15) == 8) {
            fprintf(stderr, "gen: the server closed a session: %.*s\n", (int) (size - text - 2), data + used + text + 2);
            exit(2);
        }
        frame(r, s, data + used + text, data + used + size);
    }
    return used;
}

// ---- sessions --------------------------------------------------------------------------------------------------------

static void say(struct session *s, const char *text, size_t length) {
    if (write(s->fd, text, length) != (ssize_t) length) die("write while a session opens");
}

static void upgrade(struct resume_run *r, struct session *s) {
    char request[512];
    int n = snprintf(request, sizeof request,
                     "GET /eventbus/websocket HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     "Sec-WebSocket-Key: d2VpciBiZW5jaG1hcmtzIQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
                     r->o->port);
    s->stage = UPGRADING;
    say(s, request, (size_t) n);
}

static void subscribe(struct resume_run *r, struct session *s) {
    char text[512], framed[600], from[100];
    if (s->stayed || r->o->events == 0) {
        snprintf(from, sizeof from, "\"weir-rewind\":\"0\"");
    } else {
        snprintf(from, sizeof from, "\"weir-since\":\"%s:%lu\"", r->epoch, s->since);
    }
    snprintf(text, sizeof text, "{\"type\":\"register\",\"address\":\"%s\",\"headers\":{%s}}", r->o->address, from);
    s->stage = REGISTERING;
    s->target = r->newest;
    say(s, framed, ws_frame(framed, 1, text, strlen(text)));
}

static size_t upgraded(struct resume_run *r, struct session *s, const char *data, size_t length) {
    const char *end = memmem(data, length, "\r\n\r\n", 4);
    if (!end) return 0;
    if (!begins(data, data + length, "HTTP/1.1 101")) die("the server did not upgrade to WebSocket");
    subscribe(r, s);
    return (size_t) (end + 4 - data);
}

static void receive(struct resume_run *r, struct session *s) {
    static char buffer[CARRY_SIZE + READ_SIZE];
    memcpy(buffer, s->carry, s->carried);
    ssize_t n = read(s->fd, buffer + s->carried, READ_SIZE);
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) die("the server closed a connection");
    size_t length = s->carried + (size_t) n, used = 0;
    if (s->stage == UPGRADING) used = upgraded(r, s, buffer, length);
    if (s->stage >= REGISTERING) used += frames(r, s, buffer + used, length - used);
    s->carried = length - used;
    if (s->carried > CARRY_SIZE) die("a frame is too long");
    if (s->carried && !s->carry) s->carry = malloc(CARRY_SIZE);
    memcpy(s->carry, buffer + used, s->carried);
}

static void watch(int epoll, int fd, void *data, uint32_t events) {
    struct epoll_event e = {.events = events, .data.ptr = data};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e) < 0) die("epoll_ctl");
}

static void come(struct resume_run *r, struct session *s, int epoll) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t) r->o->port)};
    int one = 1;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    s->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (s->fd < 0) die("socket");
    setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(s->fd, (struct sockaddr *) &to, sizeof to) < 0 && errno != EINPROGRESS) die("connect");
    watch(epoll, s->fd, s, EPOLLIN | EPOLLOUT | EPOLLET);
}

// ---- the run ---------------------------------------------------------------------------------------------------------

static void ready(struct resume_run *r, struct session *s, uint32_t events) {
    if (s->stage == CONNECTING && (events & EPOLLOUT)) upgrade(r, s);
    if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) receive(r, s);
}

static void publish(struct resume_run *r) {
    uint64_t interval = (uint64_t) (1e9 / r->o->rate);
    for (uint64_t now = now_ns(); r->due_ns <= now; r->due_ns += interval) publisher_send(&r->publisher, r->due_ns);
    publisher_flush(&r->publisher);
}

static void serve_live(struct resume_run *r) {
    struct epoll_event events[256];
    if (r->due_ns) publish(r);
    int n = epoll_wait(r->live, events, 256, 0);
    for (int i = 0; i < n; i++) ready(r, events[i].data.ptr, events[i].events);
}

static void again(struct resume_run *r, struct session *s) {
    // Edge-triggered: what is left after one read waits until the others had theirs.
    struct epoll_event e = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = s};
    if (epoll_ctl(r->all, EPOLL_CTL_MOD, s->fd, &e) < 0) die("epoll_ctl");
}

static void pass(struct resume_run *r) {
    struct epoll_event events[256];
    struct timespec most = {0, 1000000};
    int n = epoll_pwait2(r->all, events, 256, &most, NULL);
    serve_live(r);
    for (int i = 0; i < n; i++) {
        struct session *s = events[i].data.ptr;
        if (!s) continue;
        ready(r, s, events[i].events);
        if (s->stage >= REGISTERING) again(r, s);
        serve_live(r);
    }
}

static void begin(struct resume_run *r, int number) {
    struct phase *p = &r->phases[number];
    p->cpu = cpu_of(r->o->pids, r->o->pid_count);
    p->began_ns = now_ns();
    r->phase = p;
}

static void end(struct resume_run *r) {
    struct phase *p = r->phase;
    p->ended_ns = now_ns();
    p->cpu = cpu_since(r->o->pids, r->o->pid_count, p->cpu);
}

static void run_for(struct resume_run *r, double seconds, int phase) {
    begin(r, phase);
    for (uint64_t until = now_ns() + (uint64_t) (seconds * 1e9); now_ns() < until;) pass(r);
    end(r);
}

static void open_stayed(struct resume_run *r) {
    uint64_t limit = now_ns() + 30 * NS_PER_S;
    for (int i = 0; i < r->o->subscribers; i++) {
        struct session *s = &r->stayed[i];
        s->stayed = true;
        come(r, s, r->live);
        while (s->stage < READING) {
            serve_live(r);
            if (now_ns() > limit) die("a session was not registered within 30 s");
        }
        r->newest = s->at > r->newest ? s->at : r->newest;
    }
}

// All at once: every connection is begun before the first is looked at.
static void storm(struct resume_run *r) {
    const struct options *o = r->o;
    begin(r, DURING);
    r->base = r->newest;
    for (int i = 0; i < o->connections; i++) {
        uint64_t behind = o->spread ? 2ull * (uint64_t) o->events * (uint64_t) (i + 1) / (uint64_t) o->connections : (uint64_t) o->events;
        r->returned[i].since = behind < r->base ? r->base - behind : 0;
        come(r, &r->returned[i], r->all);
        if (i % 16 == 0) serve_live(r);
    }
    while (r->caught_up < (uint64_t) o->connections) {
        pass(r);
        if (now_ns() - r->phase->began_ns > LONGEST_NS) die("sessions did not catch up within 90 s");
    }
    end(r);
}

static void print_phase(const char *name, const struct phase *p) {
    double seconds = (double) (p->ended_ns - p->began_ns) / 1e9, cpu = p->cpu.user_s + p->cpu.system_s;
    printf(",\"%s_s\":%.3f,\"%s_cpu_s\":%.3f,\"%s_deliveries\":%lu,\"%s_replayed\":%lu", name, seconds, name, cpu, name, p->deliveries, name,
           p->replayed);
    printf(",\"%s_p50_us\":%.0f,\"%s_p99_us\":%.0f,\"%s_max_us\":%.0f", name, histogram_us(&p->stayed, 0.5), name,
           histogram_us(&p->stayed, 0.99), name, (double) p->stayed.max / 1000);
    printf(",\"%s_returned_p50_us\":%.0f,\"%s_returned_p99_us\":%.0f", name, histogram_us(&p->returned, 0.5), name,
           histogram_us(&p->returned, 0.99));
}

static void print(const struct resume_run *r) {
    const struct options *o = r->o;
    const struct phase *before = &r->phases[BEFORE], *during = &r->phases[DURING];
    double seconds = (double) (during->ended_ns - during->began_ns) / 1e9, usual_s = (double) (before->ended_ns - before->began_ns) / 1e9;
    double more = during->cpu.user_s + during->cpu.system_s - (before->cpu.user_s + before->cpu.system_s) / usual_s * seconds;
    printf("{\"label\":\"%s\",\"stayed\":%d,\"returned\":%d,\"behind\":%d,\"rate\":%.0f,\"wrong\":%lu", o->label, o->subscribers, o->connections,
           o->events, o->rate, r->wrong);
    print_phase("before", before);
    print_phase("during", during);
    print_phase("after", &r->phases[AFTER]);
    if (during->replayed) {
        printf(",\"replayed_per_s\":%.0f,\"cpu_s_per_m\":%.3f", (double) during->replayed / seconds, more / ((double) during->replayed / 1e6));
    }
    printf(",\"cpu_ms_per_session\":%.3f}\n", more / o->connections * 1000);
}

int run_resume(const struct options *o) {
    struct resume_run *r = calloc(1, sizeof *r);
    r->o = o;
    r->phase = r->phases;
    r->stayed = calloc((size_t) o->subscribers, sizeof *r->stayed);
    r->returned = calloc((size_t) o->connections, sizeof *r->returned);
    r->live = epoll_create1(0);
    r->all = epoll_create1(0);
    watch(r->all, r->live, NULL, EPOLLIN);
    open_stayed(r);
    publisher_open(&r->publisher, o);
    r->due_ns = now_ns();
    run_for(r, o->warm_s, WARM);
    run_for(r, o->run_s, BEFORE);
    storm(r);
    run_for(r, o->run_s, AFTER);
    print(r);
    if (r->wrong) fprintf(stderr, "gen: %lu positions were wrong; the first: %s\n", r->wrong, r->first_wrong);
    return 0;
}
