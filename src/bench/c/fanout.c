// One event to many subscribers: a publisher, readers that keep up on one or more event loops, readers that stall or are slow.
//
// Closed loop (--inflight W): the next event is published when at most W - 1 are not delivered to every reader. Open loop
// (--rate R): events are stamped with the time at which they were due, so a late generator or server counts as latency.
#define _GNU_SOURCE
#include "gen.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define STUCK_NS (5 * NS_PER_S)
#define SLOW_SLICES 25  // each slow reader is visited once in 25 ticks of 20 ms
#define SLOW_TICK_NS (NS_PER_S / 50)

typedef _Atomic uint64_t counter;

static void add(counter *c, uint64_t n) {
    atomic_fetch_add_explicit(c, n, memory_order_relaxed);
}

static uint64_t value(counter *c) {
    return atomic_load_explicit(c, memory_order_relaxed);
}

struct loop {
    pthread_t thread;
    struct run *run;
    int epoll;
    uint64_t pass_ns;  // when this pass first needed the time
    counter delivered, bytes, reads, closed;
    struct histogram latency;
};

struct run {
    const struct options *o;
    struct loop loops[MAX_LOOPS];
    struct connection *readers;  // those that keep up, then the stalled, then the slow
    struct publisher publisher;
    int wake;
    counter wake_at;  // deliveries at which the closed loop may go on
    _Atomic bool measuring, stopping;
    uint64_t slow_delivered, slow_closed, slow_next_ns;
    int slow_slice;
    struct rss_log rss;
};

static uint64_t delivered(struct run *r) {
    uint64_t sum = 0;
    for (int i = 0; i < r->o->loops; i++) sum += value(&r->loops[i].delivered);
    return sum;
}

// ---- receiving -------------------------------------------------------------------------------------------------------

static void reader_stamp(void *owner, uint64_t published_ns) {
    struct loop *loop = owner;
    add(&loop->delivered, 1);
    if (!loop->run->measuring) return;
    if (!loop->pass_ns) loop->pass_ns = now_ns();
    histogram_add(&loop->latency, loop->pass_ns > published_ns ? loop->pass_ns - published_ns : 1);
}

static void slow_stamp(void *owner, uint64_t published_ns) {
    (void) published_ns;
    ((struct run *) owner)->slow_delivered++;
}

static void receive(struct loop *loop, struct connection *c) {
    if (!c->open) return;
    loop->pass_ns = 0;
    struct reading r = connection_read(c, SIZE_MAX, reader_stamp, loop);
    add(&loop->reads, r.reads);
    add(&loop->bytes, r.bytes);
    if (r.closed) add(&loop->closed, 1);
}

static void pass(struct loop *loop, uint64_t until_ns) {
    struct epoll_event events[512];
    uint64_t now = now_ns(), wait = until_ns > now ? until_ns - now : 0;
    struct timespec timeout = {(time_t) (wait / NS_PER_S), (long) (wait % NS_PER_S)};
    int n = epoll_pwait2(loop->epoll, events, 512, &timeout, NULL);
    for (int i = 0; i < n; i++) {
        if (events[i].data.ptr == loop->run) {
            uint64_t ignored;
            if (read(loop->run->wake, &ignored, sizeof ignored) < 0 && errno != EAGAIN) die("eventfd");
        } else if (events[i].data.ptr == &loop->run->publisher) {
            publisher_flush(&loop->run->publisher);
            if (events[i].events & EPOLLIN) receive(loop, &loop->run->publisher.connection);
        } else {
            receive(loop, events[i].data.ptr);
        }
    }
}

static void *worker(void *argument) {
    struct loop *loop = argument;
    struct run *run = loop->run;
    while (!run->stopping) {
        pass(loop, now_ns() + NS_PER_S / 10);
        uint64_t at = value(&run->wake_at), one = 1;
        if (at && delivered(run) >= at && write(run->wake, &one, sizeof one) < 0) die("eventfd");
    }
    return NULL;
}

// Lets every slow reader read its share, a part of them at a time.
static void slow_tick(struct run *r, uint64_t now) {
    const struct options *o = r->o;
    if (o->slow == 0 || now < r->slow_next_ns) return;
    struct connection *slow = r->readers + o->subscribers + o->stalled;
    size_t share = (size_t) o->slow_rate * SLOW_SLICES / 50;
    for (int i = r->slow_slice; i < o->slow; i += SLOW_SLICES) {
        if (slow[i].open && connection_read(&slow[i], share, slow_stamp, r).closed) r->slow_closed++;
    }
    r->slow_slice = (r->slow_slice + 1) % SLOW_SLICES;
    r->slow_next_ns = now + SLOW_TICK_NS;
}

// ---- setting up ------------------------------------------------------------------------------------------------------

static void watch(struct loop *loop, int fd, void *data, uint32_t events) {
    struct epoll_event e = {.events = events | EPOLLET, .data.ptr = data};
    if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &e) < 0) die("epoll_ctl");
}

static struct run *set_up(const struct options *o) {
    struct run *r = calloc(1, sizeof *r);
    int total = o->subscribers + o->stalled + o->slow;
    r->o = o;
    r->readers = calloc((size_t) total + 1, sizeof *r->readers);
    r->rss.before_kb = rss_kb(o->pids, o->pid_count);
    r->wake = eventfd(0, EFD_NONBLOCK);
    for (int i = 0; i < o->loops; i++) {
        r->loops[i].run = r;
        r->loops[i].epoll = epoll_create1(0);
    }
    for (int i = 0; i < total; i++) {
        bool keeps_up = i < o->subscribers;
        connection_open(&r->readers[i], o, o->port, false, keeps_up ? 0 : 4096);
        struct loop *loop = &r->loops[i % o->loops];
        if (keeps_up) watch(loop, r->readers[i].fd, &r->readers[i], EPOLLIN);
    }
    publisher_open(&r->publisher, o);
    watch(&r->loops[0], r->publisher.connection.fd, &r->publisher, EPOLLIN | EPOLLOUT);
    watch(&r->loops[0], r->wake, r, EPOLLIN);
    for (int i = 1; i < o->loops; i++) {
        if (pthread_create(&r->loops[i].thread, NULL, worker, &r->loops[i])) die("pthread_create");
    }
    return r;
}

static void pass_until(struct run *r, uint64_t end_ns) {
    while (now_ns() < end_ns) pass(&r->loops[0], end_ns);
}

// Registering is not acknowledged by every server, so events are published until one reaches every reader.
static void await_registered(struct run *r) {
    uint64_t wanted = (uint64_t) r->o->subscribers;
    for (int tries = 0; tries < 60; tries++) {
        uint64_t before = delivered(r), now = now_ns(), end = now + NS_PER_S / 2;
        publisher_send(&r->publisher, now);
        while (delivered(r) - before < wanted && now_ns() < end) pass(&r->loops[0], now_ns() + NS_PER_S / 50);
        if (delivered(r) - before >= wanted) {
            pass_until(r, now_ns() + NS_PER_S / 4);
            return;
        }
        pass_until(r, now_ns() + NS_PER_S / 4);
    }
    errno = 0;
    die("no event reached every subscriber");
}

// ---- the run ---------------------------------------------------------------------------------------------------------

struct mark {
    uint64_t at_ns, delivered, published, bytes, reads;
    struct cpu server, generator;
};

static struct mark mark_now(struct run *r) {
    int self = getpid();
    struct mark m = {.at_ns = now_ns(), .delivered = delivered(r), .published = r->publisher.published};
    m.server = cpu_of(r->o->pids, r->o->pid_count);
    m.generator = cpu_of(&self, 1);
    for (int i = 0; i < r->o->loops; i++) {
        m.bytes += value(&r->loops[i].bytes);
        m.reads += value(&r->loops[i].reads);
    }
    return m;
}

// Publishes while fewer than W events are not delivered everywhere.
static void publish_closed(struct run *r, const struct mark *start) {
    uint64_t readers = (uint64_t) r->o->subscribers, free_below = (uint64_t) (r->o->inflight - 1) * readers;
    uint64_t got = delivered(r) - start->delivered;
    while ((r->publisher.published - start->published) * readers <= got + free_below && !r->publisher.refused) {
        publisher_send(&r->publisher, now_ns());
    }
    if (r->o->loops > 1) {
        uint64_t due = (r->publisher.published - start->published) * readers;
        r->wake_at = start->delivered + (due > free_below ? due - free_below : 1);
    }
}

// Publishes for warm_s and run_s; answers false when deliveries stopped.
static bool drive(struct run *r, struct mark *from, struct mark *to) {
    const struct options *o = r->o;
    struct mark start = mark_now(r);
    uint64_t measure_at = start.at_ns + (uint64_t) (o->warm_s * 1e9), end = measure_at + (uint64_t) (o->run_s * 1e9);
    uint64_t interval = o->rate > 0 ? (uint64_t) (1e9 / o->rate) : 0, due = start.at_ns;
    uint64_t last_delivered = start.delivered, progress_at = start.at_ns;
    bool moving = true;
    for (uint64_t now = start.at_ns; now < end && moving; now = now_ns()) {
        if (!r->measuring && now >= measure_at) {
            *from = mark_now(r);
            r->measuring = true;
        }
        rss_sample(&r->rss, o, now);
        slow_tick(r, now);
        uint64_t until = now + NS_PER_S / 50;
        if (interval) {
            for (; due <= now; due += interval) publisher_send(&r->publisher, due);
            if (due < until) until = due;
        } else {
            publish_closed(r, &start);
        }
        pass(&r->loops[0], until);
        uint64_t total = delivered(r);
        if (total != last_delivered || o->subscribers == 0) {
            last_delivered = total;
            progress_at = now;
        }
        moving = now - progress_at < STUCK_NS;
    }
    if (!r->measuring) *from = start;
    r->measuring = false;
    *to = mark_now(r);
    return moving;
}

static void report(struct run *r, const struct mark *from, const struct mark *to, bool moving, double connect_s) {
    const struct options *o = r->o;
    double elapsed = (double) (to->at_ns - from->at_ns) / 1e9, user = to->server.user_s - from->server.user_s;
    double system = to->server.system_s - from->server.system_s;
    double generator = to->generator.user_s + to->generator.system_s - from->generator.user_s - from->generator.system_s;
    double deliveries = (double) (to->delivered - from->delivered), millions = deliveries > 0 ? deliveries / 1e6 : 1e-9;
    struct histogram *latency = &r->loops[0].latency;
    uint64_t closed = value(&r->loops[0].closed);
    for (int i = 1; i < o->loops; i++) {
        histogram_merge(latency, &r->loops[i].latency);
        closed += value(&r->loops[i].closed);
    }
    printf("{\"label\":\"%s\",\"proto\":\"%s\",\"subscribers\":%d,\"stalled\":%d,\"slow\":%d,\"inflight\":%d,\"rate\":%.0f", o->label,
           o->proto, o->subscribers, o->stalled, o->slow, o->inflight, o->rate);
    printf(",\"loops\":%d,\"payload\":%d,\"seconds\":%.2f,\"connect_s\":%.2f,\"moving\":%s", o->loops, o->payload, elapsed,
           connect_s, moving ? "true" : "false");
    printf(",\"publishes_per_s\":%.1f,\"deliveries_per_s\":%.0f,\"cpu_s_per_m\":%.3f,\"user_s_per_m\":%.3f,\"system_s_per_m\":%.3f",
           (double) (to->published - from->published) / elapsed, deliveries / elapsed, (user + system) / millions,
           user / millions, system / millions);
    printf(",\"server_cpu_percent\":%.1f,\"generator_cpu_percent\":%.1f", (user + system) / elapsed * 100, generator / elapsed * 100);
    printf(",\"p50_us\":%.0f,\"p99_us\":%.0f,\"p999_us\":%.0f,\"max_us\":%.0f", histogram_us(latency, 0.5),
           histogram_us(latency, 0.99), histogram_us(latency, 0.999), (double) latency->max / 1000);
    printf(",\"bytes_per_delivery\":%.0f,\"reads_per_delivery\":%.3f,\"closed\":%lu,\"slow_closed\":%lu,\"slow_delivered\":%lu,\"refused\":%lu",
           (double) (to->bytes - from->bytes) / (millions * 1e6), (double) (to->reads - from->reads) / (millions * 1e6), closed,
           r->slow_closed, r->slow_delivered, r->publisher.refused);
    rss_print(&r->rss, o);
    printf("}\n");
}

int run_fanout(const struct options *o) {
    uint64_t started = now_ns();
    struct run *r = set_up(o);
    double connect_s = (double) (now_ns() - started) / 1e9;
    struct mark from = {0}, to;
    await_registered(r);
    bool moving = drive(r, &from, &to);
    r->stopping = true;
    for (int i = 1; i < o->loops; i++) pthread_join(r->loops[i].thread, NULL);
    report(r, &from, &to, moving, connect_s);
    return moving ? 0 : 3;
}

// ---- idle ------------------------------------------------------------------------------------------------------------

// What one more subscribed connection costs, after a first wave has paid for everything that is paid once.
int run_idle(const struct options *o) {
    struct options wave = *o;
    if (o->prewarm > 0) {
        wave.subscribers = o->prewarm;
        wave.loops = 1;
        struct run *first = set_up(&wave);
        await_registered(first);
        for (int i = 0; i < o->prewarm; i++) close(first->readers[i].fd);
        close(first->publisher.connection.fd);
        sleep(2);
    }
    wave = *o;
    wave.loops = 1;
    struct run *r = set_up(&wave);
    pass_until(r, now_ns() + (uint64_t) (o->run_s * 1e9));
    long after = rss_kb(o->pids, o->pid_count);
    printf("{\"label\":\"%s\",\"proto\":\"%s\",\"subscribers\":%d,\"kb_per_connection\":%.2f,\"closed\":%lu", o->label, o->proto,
           o->subscribers, (double) (after - r->rss.before_kb) / o->subscribers, value(&r->loops[0].closed));
    rss_print(&r->rss, o);
    printf("}\n");
    return 0;
}
