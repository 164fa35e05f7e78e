// Publishing over HTTP: keep-alive connections, each with one request in flight.
//
// With --batch 1 a request is one event as plain JSON, otherwise a CloudEvents batch whose ids are all different. Bridge
// subscribers (--subs) read what is published, so that the cost of delivering is part of the figure and nothing is lost unseen.
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

#define ID_DIGITS 12

struct client {
    int fd;
    uint64_t sent_ns;
    size_t length;
    char response[16384];
};

struct http_run {
    const struct options *o;
    int epoll;
    struct client *clients;
    struct connection *subscribers;
    char *request;
    size_t request_length;
    size_t *ids;  // where in the request each id's digits are
    size_t *stamps;
    uint64_t next_id, responses, failed, delivered;
    char first_failure[160];
    bool measuring;
    struct histogram latency;
};

// ---- requests --------------------------------------------------------------------------------------------------------

static size_t append_event(struct http_run *r, char *out, int index) {
    const struct options *o = r->o;
    size_t n = 0;
    if (o->batch > 1) {
        n += (size_t) sprintf(out, "%s{\"specversion\":\"1.0\",\"id\":\"", index ? "," : "[");
        r->ids[index] = n;
        n += (size_t) sprintf(out + n, "%0*d\",\"source\":\"/bench\",\"type\":\"t\",\"data\":", ID_DIGITS, 0);
    }
    size_t data = n;
    n += (size_t) sprintf(out + n, "{\"ts\":\"@");
    r->stamps[index] = n;
    n += (size_t) sprintf(out + n, "%019d\",\"kind\":\"price\",\"pad\":\"", 0);
    while (n - data < (size_t) o->payload - 2) {
        out[n] = "abcdefghijklmnop"[n & 15];
        n++;
    }
    n += (size_t) sprintf(out + n, "\"}");
    if (o->batch > 1) n += (size_t) sprintf(out + n, "}%s", index == o->batch - 1 ? "]" : "");
    return n;
}

static void build_request(struct http_run *r) {
    const struct options *o = r->o;
    char *body = malloc((size_t) o->batch * ((size_t) o->payload + 256));
    size_t length = 0;
    r->ids = calloc((size_t) o->batch, sizeof *r->ids);
    r->stamps = calloc((size_t) o->batch, sizeof *r->stamps);
    for (int i = 0; i < o->batch; i++) {
        size_t n = append_event(r, body + length, i);
        r->ids[i] += length;
        r->stamps[i] += length;
        length += n;
    }
    r->request = malloc(length + 1024);
    size_t head = (size_t) sprintf(r->request,
                                   "POST /v1/addresses/%s/events%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: %s\r\n"
                                   "Content-Length: %zu\r\n\r\n",
                                   o->address, o->batch > 1 ? "" : "?type=t", o->port,
                                   o->batch > 1 ? "application/cloudevents-batch+json" : "application/json", length);
    memcpy(r->request + head, body, length);
    r->request_length = head + length;
    for (int i = 0; i < o->batch; i++) {
        r->ids[i] += head;
        r->stamps[i] += head;
    }
    free(body);
}

static void put_digits(char *at, int digits, uint64_t number) {
    for (int i = digits - 1; i >= 0; i--) {
        at[i] = (char) ('0' + number % 10);
        number /= 10;
    }
}

static void post(struct http_run *r, struct client *c) {
    uint64_t now = now_ns();
    for (int i = 0; i < r->o->batch; i++) {
        put_digits(r->request + r->stamps[i], STAMP_LENGTH - 1, now);
        if (r->o->batch > 1) put_digits(r->request + r->ids[i], ID_DIGITS, ++r->next_id);
    }
    c->sent_ns = now;
    c->length = 0;
    // A request is far smaller than the send buffer, and the buffer is empty when the response has come.
    if (write(c->fd, r->request, r->request_length) != (ssize_t) r->request_length) die("request not sent whole");
}

// ---- responses -------------------------------------------------------------------------------------------------------

// Length of the response when it is complete, else 0.
static size_t response_length(struct client *c) {
    char *end = memmem(c->response, c->length, "\r\n\r\n", 4);
    if (!end) return 0;
    size_t head = (size_t) (end - c->response) + 4;
    char *length = strcasestr(c->response, "\r\ncontent-length:");
    if (length && length < end) {
        size_t whole = head + strtoul(length + 17, NULL, 10);
        return c->length >= whole ? whole : 0;
    }
    char *chunked = strcasestr(c->response, "\r\ntransfer-encoding: chunked");
    if (chunked && chunked < end) return memmem(c->response + head - 2, c->length - head + 2, "\r\n0\r\n\r\n", 7) ? c->length : 0;
    return head;
}

static void answered(struct http_run *r, struct client *c) {
    if (c->response[9] == '2') {
        r->responses++;
    } else if (r->failed++ == 0) {
        snprintf(r->first_failure, sizeof r->first_failure, "%.*s", (int) strcspn(c->response, "\r\""), c->response);
    }
    if (r->measuring) histogram_add(&r->latency, now_ns() - c->sent_ns);
}

static void receive(struct http_run *r, struct client *c) {
    for (;;) {
        ssize_t n = read(c->fd, c->response + c->length, sizeof c->response - 1 - c->length);
        if (n < 0 && errno == EAGAIN) return;
        if (n <= 0) die("the server closed a keep-alive connection or answered too much");
        c->length += (size_t) n;
        c->response[c->length] = 0;
        if (response_length(c)) {
            answered(r, c);
            post(r, c);
        }
    }
}

static void subscriber_stamp(void *owner, uint64_t published_ns) {
    (void) published_ns;
    ((struct http_run *) owner)->delivered++;
}

// ---- the run ---------------------------------------------------------------------------------------------------------

static int connect_client(int port) {
    int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1, send_buffer = 1 << 18;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t) port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &send_buffer, sizeof send_buffer);
    if (fd < 0 || connect(fd, (struct sockaddr *) &to, sizeof to) < 0) die("connect");
    fcntl(fd, F_SETFL, O_NONBLOCK);
    return fd;
}

static void watch(struct http_run *r, int fd, uint64_t data) {
    struct epoll_event e = {.events = EPOLLIN | EPOLLET, .data.u64 = data};
    if (epoll_ctl(r->epoll, EPOLL_CTL_ADD, fd, &e) < 0) die("epoll_ctl");
}

static void set_up(struct http_run *r) {
    const struct options *o = r->o;
    r->epoll = epoll_create1(0);
    r->clients = calloc((size_t) o->connections, sizeof *r->clients);
    r->subscribers = calloc((size_t) o->subscribers + 1, sizeof *r->subscribers);
    for (int i = 0; i < o->subscribers; i++) {
        connection_open(&r->subscribers[i], o, o->port, false, 0);
        watch(r, r->subscribers[i].fd, (uint64_t) (o->connections + i));
    }
    for (int i = 0; i < o->connections; i++) {
        r->clients[i].fd = connect_client(o->port);
        watch(r, r->clients[i].fd, (uint64_t) i);
        post(r, &r->clients[i]);
    }
}

static void run_for(struct http_run *r, double seconds) {
    uint64_t end = now_ns() + (uint64_t) (seconds * 1e9);
    while (now_ns() < end) {
        struct epoll_event events[256];
        int n = epoll_wait(r->epoll, events, 256, 20);
        for (int i = 0; i < n; i++) {
            uint64_t index = events[i].data.u64, clients = (uint64_t) r->o->connections;
            if (index < clients) {
                receive(r, &r->clients[index]);
            } else {
                connection_read(&r->subscribers[index - clients], SIZE_MAX, subscriber_stamp, r);
            }
        }
    }
}

int run_http(const struct options *o) {
    struct http_run *r = calloc(1, sizeof *r);
    struct rss_log rss = {.before_kb = rss_kb(o->pids, o->pid_count)};
    r->o = o;
    // Ids that no run before has used: a repeat would be answered without being kept.
    r->next_id = now_ns() / 1000 % 100000000000;
    build_request(r);
    set_up(r);
    run_for(r, o->warm_s);
    struct cpu cpu = cpu_of(o->pids, o->pid_count);
    uint64_t responses = r->responses, delivered = r->delivered, failed = r->failed, started = now_ns();
    r->measuring = true;
    run_for(r, o->run_s);
    double elapsed = (double) (now_ns() - started) / 1e9;
    cpu = cpu_since(o->pids, o->pid_count, cpu);
    double requests = (double) (r->responses - responses), millions = requests * o->batch / 1e6;
    printf("{\"label\":\"%s\",\"connections\":%d,\"batch\":%d,\"subscribers\":%d,\"payload\":%d,\"seconds\":%.2f", o->label, o->connections,
           o->batch, o->subscribers, o->payload, elapsed);
    printf(",\"requests_per_s\":%.0f,\"events_per_s\":%.0f,\"deliveries_per_s\":%.0f,\"failed\":%lu,\"first_failure\":\"%s\"", requests / elapsed,
           requests * o->batch / elapsed, (double) (r->delivered - delivered) / elapsed, r->failed - failed, r->first_failure);
    printf(",\"cpu_s_per_m\":%.3f,\"server_cpu_percent\":%.1f", (cpu.user_s + cpu.system_s) / (millions > 0 ? millions : 1e-9),
           (cpu.user_s + cpu.system_s) / elapsed * 100);
    printf(",\"p50_us\":%.0f,\"p99_us\":%.0f,\"max_us\":%.0f", histogram_us(&r->latency, 0.5), histogram_us(&r->latency, 0.99),
           (double) r->latency.max / 1000);
    rss_print(&rss, o);
    printf("}\n");
    return 0;
}
