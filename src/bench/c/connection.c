// WebSocket connections: blocking while they open, then read and written without blocking.
//
// Frames are not parsed. A published payload holds "@" and 19 digits, and nothing else in the traffic holds "@", so each
// stamp in the received bytes is one delivery, however the server frames, escapes or batches it.
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
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define INBOX_SIZE 65536
#define BACKLOG_MAX (16u << 20)

static void write_all(int fd, const char *data, size_t length) {
    while (length > 0) {
        ssize_t n = write(fd, data, length);
        if (n < 0) die("write while connecting");
        data += n;
        length -= (size_t) n;
    }
}

static void read_more(struct connection *c) {
    if (c->inbox_length >= INBOX_SIZE - 1) die("too much received while connecting");
    ssize_t n = read(c->fd, c->inbox + c->inbox_length, INBOX_SIZE - 1 - c->inbox_length);
    if (n <= 0) die("connection closed or silent while connecting");
    c->inbox_length += (size_t) n;
    c->inbox[c->inbox_length] = 0;
}

static void discard_through(struct connection *c, const char *end) {
    size_t used = (size_t) (end - c->inbox);
    memmove(c->inbox, end, c->inbox_length - used);
    c->inbox_length -= used;
    c->inbox[c->inbox_length] = 0;
}

void connection_await(struct connection *c, const char *text) {
    char *at;
    while (!(at = memmem(c->inbox, c->inbox_length, text, strlen(text)))) read_more(c);
    discard_through(c, at + strlen(text));
}

void connection_send(struct connection *c, const char *text) {
    char frame[2048];
    if (strlen(text) > sizeof frame - 16) die("text too long");
    write_all(c->fd, frame, ws_frame(frame, c->opcode, text, strlen(text)));
}

static int connect_to(int port, int receive_buffer) {
    int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    if (fd < 0) die("socket");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (receive_buffer > 0) {
        // Segments as on Ethernet too: with those of loopback the kernel buffers megabytes before the server notices.
        int segment = 1460;
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
        setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof segment);
    }
    struct timeval limit = {.tv_sec = 15};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t) port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *) &to, sizeof to) < 0) die("connect");
    return fd;
}

static void upgrade(struct connection *c, const struct protocol *proto, int port) {
    char path[256], request[1024];
    proto->path(path, sizeof path);
    int n = snprintf(request, sizeof request,
                     "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     "Sec-WebSocket-Key: d2VpciBiZW5jaG1hcmtzIQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
                     path, port);
    write_all(c->fd, request, (size_t) n);
    char *end;
    while (!(end = memmem(c->inbox, c->inbox_length, "\r\n\r\n", 4))) read_more(c);
    if (strncmp(c->inbox, "HTTP/1.1 101", 12) != 0) {
        fprintf(stderr, "%s\n", c->inbox);
        errno = 0;
        die("the server did not upgrade to WebSocket");
    }
    discard_through(c, end + 4);
}

void connection_open(struct connection *c, const struct options *o, int port, bool publisher, int receive_buffer) {
    static char inbox[INBOX_SIZE];
    const struct protocol *proto = protocol_named(o->proto);
    *c = (struct connection) {.fd = connect_to(port, receive_buffer), .opcode = proto->opcode, .open = true, .inbox = inbox};
    upgrade(c, proto, port);
    proto->open(c, o, publisher);
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    c->inbox = NULL;
}

// ---- reading ---------------------------------------------------------------------------------------------------------

static uint64_t stamp_value(const char *digits) {
    uint64_t value = 0;
    for (int i = 0; i < STAMP_LENGTH - 1; i++) {
        if (digits[i] < '0' || digits[i] > '9') return 0;
        value = value * 10 + (uint64_t) (digits[i] - '0');
    }
    return value;
}

static void find_stamps(struct connection *c, const char *at, const char *end, on_stamp stamp, void *owner) {
    while ((at = memchr(at, '@', (size_t) (end - at)))) {
        if (end - at < STAMP_LENGTH) {
            c->carried = (int) (end - at);
            memcpy(c->carry, at, (size_t) c->carried);
            return;
        }
        uint64_t value = stamp_value(at + 1);
        if (value) stamp(owner, value);
        at += value ? STAMP_LENGTH : 1;
    }
}

struct reading connection_read(struct connection *c, size_t limit, on_stamp stamp, void *owner) {
    static _Thread_local char buffer[STAMP_LENGTH + 65536];
    char *data = buffer + STAMP_LENGTH;
    struct reading r = {0};
    while (r.bytes < limit) {
        size_t room = limit - r.bytes < 65536 ? limit - r.bytes : 65536;
        ssize_t n = read(c->fd, data, room);
        r.reads++;
        if (n < 0 && errno == EAGAIN) return r;
        if (n <= 0) {
            close(c->fd);
            c->open = false;
            r.closed = true;
            return r;
        }
        r.bytes += (uint64_t) n;
        char *start = data - c->carried;
        memcpy(start, c->carry, (size_t) c->carried);
        c->carried = 0;
        find_stamps(c, start, data + n, stamp, owner);
        if ((size_t) n < room) return r;
    }
    return r;
}

// ---- publishing ------------------------------------------------------------------------------------------------------

void payload(char *out, int size) {
    int n = sprintf(out, "{\"ts\":\"@%019d\",\"kind\":\"price\",\"pad\":\"", 0);
    while (n < size - 2) {
        out[n] = "abcdefghijklmnop"[n & 15];
        n++;
    }
    strcpy(out + n, "\"}");
}

void publisher_open(struct publisher *p, const struct options *o) {
    const struct protocol *proto = protocol_named(o->proto);
    size_t room = (size_t) o->payload * 2 + 4096;
    char *json = malloc(room), *text = malloc(room);
    *p = (struct publisher) {.frame = malloc(room)};
    payload(json, o->payload);
    p->frame_length = ws_frame(p->frame, proto->opcode, text, proto->wrap(text, json, o));
    p->stamp_offset = (size_t) ((char *) memmem(p->frame, p->frame_length, "@0", 2) - p->frame) + 1;
    free(json);
    free(text);
    connection_open(&p->connection, o, o->publish_port, true, 0);
}

static void keep(struct publisher *p, const char *data, size_t length) {
    if (p->backlog_length + length > p->backlog_capacity) {
        p->backlog_capacity = (p->backlog_length + length) * 2;
        p->backlog = realloc(p->backlog, p->backlog_capacity);
    }
    memcpy(p->backlog + p->backlog_length, data, length);
    p->backlog_length += length;
}

void publisher_flush(struct publisher *p) {
    if (p->backlog_length == 0 || !p->connection.open) return;
    ssize_t n = write(p->connection.fd, p->backlog, p->backlog_length);
    if (n <= 0) return;
    memmove(p->backlog, p->backlog + n, p->backlog_length - (size_t) n);
    p->backlog_length -= (size_t) n;
}

void publisher_send(struct publisher *p, uint64_t stamp_ns) {
    if (p->backlog_length > BACKLOG_MAX || !p->connection.open) {
        p->refused++;
        return;
    }
    for (int i = STAMP_LENGTH - 2; i >= 0; i--) {
        p->frame[p->stamp_offset + (size_t) i] = (char) ('0' + stamp_ns % 10);
        stamp_ns /= 10;
    }
    ssize_t n = p->backlog_length ? 0 : write(p->connection.fd, p->frame, p->frame_length);
    if (n < 0) n = 0;
    if ((size_t) n < p->frame_length) keep(p, p->frame + n, p->frame_length - (size_t) n);
    p->published++;
}
