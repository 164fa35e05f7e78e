// What the servers speak above WebSocket: how a session subscribes and what a publish looks like.
#define _GNU_SOURCE
#include "gen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t ws_frame(char *out, int opcode, const char *payload, size_t length) {
    size_t n = 0;
    out[n++] = (char) (0x80 | opcode);
    if (length < 126) {
        out[n++] = (char) (0x80 | length);
    } else if (length < 65536) {
        out[n++] = (char) (0x80 | 126);
        out[n++] = (char) (length >> 8);
        out[n++] = (char) length;
    } else {
        out[n++] = (char) (0x80 | 127);
        for (int shift = 56; shift >= 0; shift -= 8) out[n++] = (char) (length >> shift);
    }
    memset(out + n, 0, 4);
    memcpy(out + n + 4, payload, length);
    return n + 4 + length;
}

// ---- Vert.x event bus bridge: raw WebSocket, and framed by SockJS ----------------------------------------------------

static size_t sockjs_quote(char *out, const char *text) {
    size_t n = 0;
    out[n++] = '[';
    out[n++] = '"';
    for (; *text; text++) {
        if (*text == '"' || *text == '\\') out[n++] = '\\';
        out[n++] = *text;
    }
    out[n++] = '"';
    out[n++] = ']';
    out[n] = 0;
    return n;
}

static void bridge_path(char *out, size_t size) {
    snprintf(out, size, "/eventbus/websocket");
}

static void bridge_register(char *out, size_t size, const struct options *o) {
    snprintf(out, size, "{\"type\":\"register\",\"address\":\"%s\",\"headers\":{}}", o->address);
}

static void bridge_open(struct connection *c, const struct options *o, bool publisher) {
    if (publisher) return;
    char text[512];
    bridge_register(text, sizeof text, o);
    connection_send(c, text);
}

static size_t bridge_wrap(char *out, const char *json, const struct options *o) {
    return (size_t) sprintf(out, "{\"type\":\"publish\",\"address\":\"%s\",\"headers\":{},\"body\":%s}", o->address, json);
}

static void sockjs_path(char *out, size_t size) {
    static unsigned session;
    snprintf(out, size, "/eventbus/%03u/bench%08x/websocket", session % 1000, session);
    session++;
}

static void sockjs_open(struct connection *c, const struct options *o, bool publisher) {
    connection_await(c, "o");
    if (publisher) return;
    char text[512], quoted[1100];
    bridge_register(text, sizeof text, o);
    sockjs_quote(quoted, text);
    connection_send(c, quoted);
}

static size_t sockjs_wrap(char *out, const char *json, const struct options *o) {
    char *text = malloc(strlen(json) + 1024);
    bridge_wrap(text, json, o);
    size_t n = sockjs_quote(out, text);
    free(text);
    return n;
}

// ---- a server that sends each message to every other socket -----------------------------------------------------------

static void root_path(char *out, size_t size) {
    snprintf(out, size, "/");
}

static void ws_open(struct connection *c, const struct options *o, bool publisher) {
    (void) c, (void) o, (void) publisher;
}

static size_t ws_wrap(char *out, const char *json, const struct options *o) {
    (void) o;
    return (size_t) sprintf(out, "%s", json);
}

// ---- Socket.IO over Engine.IO 4: `sub` joins a room, `pub` sends `msg` to the room ------------------------------------

static void socketio_path(char *out, size_t size) {
    snprintf(out, size, "/socket.io/?EIO=4&transport=websocket");
}

static void socketio_open(struct connection *c, const struct options *o, bool publisher) {
    connection_await(c, "0{");
    connection_send(c, "40");
    connection_await(c, "40{");
    if (publisher) return;
    char text[512];
    snprintf(text, sizeof text, "42[\"sub\",\"%s\"]", o->address);
    connection_send(c, text);
}

static size_t socketio_wrap(char *out, const char *json, const struct options *o) {
    (void) o;
    return (size_t) sprintf(out, "42[\"pub\",%s]", json);
}

// ---- NATS over WebSocket ---------------------------------------------------------------------------------------------

static void nats_open(struct connection *c, const struct options *o, bool publisher) {
    char text[512];
    connection_await(c, "INFO ");
    if (publisher) {
        snprintf(text, sizeof text, "CONNECT {\"verbose\":false,\"pedantic\":false,\"echo\":false}\r\nPING\r\n");
    } else {
        snprintf(text, sizeof text, "CONNECT {\"verbose\":false,\"pedantic\":false}\r\nSUB %s 1\r\nPING\r\n", o->address);
    }
    connection_send(c, text);
    connection_await(c, "PONG");
}

static size_t nats_wrap(char *out, const char *json, const struct options *o) {
    return (size_t) sprintf(out, "PUB %s %zu\r\n%s\r\n", o->address, strlen(json), json);
}

// ----------------------------------------------------------------------------------------------------------------------

static const struct protocol PROTOCOLS[] = {
    {"bridge", 1, bridge_path, bridge_open, bridge_wrap},
    {"sockjs", 1, sockjs_path, sockjs_open, sockjs_wrap},
    {"ws", 1, root_path, ws_open, ws_wrap},
    {"socketio", 1, socketio_path, socketio_open, socketio_wrap},
    {"nats", 2, root_path, nats_open, nats_wrap},
};

const struct protocol *protocol_named(const char *name) {
    for (size_t i = 0; i < sizeof PROTOCOLS / sizeof *PROTOCOLS; i++) {
        if (strcmp(PROTOCOLS[i].name, name) == 0) return &PROTOCOLS[i];
    }
    return NULL;
}
