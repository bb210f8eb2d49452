/* SPDX-License-Identifier: Apache-2.0
 *
 * The door to libmicrohttpd. A thread for each connection, so that nobody waits for another's
 * question; the number of connections, their memory and their patience are bounded.
 */
#include "base/memory.h"
#include "review/serve/serve_state.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>

enum {
    CONNECTIONS_MAX = 96,
    CONNECTIONS_OF_ADDRESS_MAX = 64,
    CONNECTION_MEMORY = 32 * 1024, /* request line and headers must fit: else 414 or 431 */
    CONNECTION_IDLE_S = 30,
    THREAD_STACK = 512 * 1024,
    BODY_MAX = 16 * 1024,
    EVENT_BLOCK = 4096,
};

/* A request on its way in: the library hands over its body in pieces. */
struct carried {
    uint8_t body[BODY_MAX];
    size_t length;
    bool is_too_long;
};

/* For every answer. 'unsafe-inline' is nowhere: the page has no script and no style in it. */
static const struct {
    const char *name, *value;
} headers[] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
     "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"X-Frame-Options", "DENY"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=()"},
};

static void add_header(struct MHD_Response *response, const char *name, const char *value)
{
    if (value[0] != '\0')
        MHD_add_response_header(response, name, value);
}

static ssize_t read_events(void *context, uint64_t position, char *out, size_t most)
{
    (void)position;
    size_t length = events_read(context, out, most);
    return length > 0 ? (ssize_t)length : MHD_CONTENT_READER_END_OF_STREAM;
}

static void leave_events(void *context)
{
    events_leave(context);
}

/* The text's memory becomes the response's. */
static struct MHD_Response *make_response(struct serve_answer *answer)
{
    if (answer->listener)
        return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, EVENT_BLOCK, read_events,
                                                 answer->listener, leave_events);
    if (answer->fixed || answer->body.length == 0)
        return MHD_create_response_from_buffer(
            answer->fixed_length, (void *)(uintptr_t)answer->fixed, MHD_RESPMEM_PERSISTENT);
    struct MHD_Response *response = MHD_create_response_from_buffer(
        answer->body.length, answer->body.data, MHD_RESPMEM_MUST_FREE);
    if (response)
        answer->body = (struct text){0};
    return response;
}

static enum MHD_Result send_answer(struct MHD_Connection *connection, struct serve_answer *answer)
{
    struct MHD_Response *response = make_response(answer);
    if (!response)
        memory_exhausted();
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        add_header(response, headers[i].name, headers[i].value);
    add_header(response, "Content-Type", answer->type);
    add_header(response, "Cache-Control", answer->tag[0] != '\0' ? "no-cache" : "no-store");
    add_header(response, "ETag", answer->tag);
    add_header(response, "Allow", answer->allow);
    add_header(response, "Set-Cookie", answer->cookie);
    if (answer->wants_credentials)
        add_header(response, "WWW-Authenticate", "Bearer realm=\"portscope\"");
    enum MHD_Result result = MHD_queue_response(connection, answer->status, response);
    MHD_destroy_response(response);
    text_free(&answer->body);
    return result;
}

static enum MHD_Result take_parameter(void *context, enum MHD_ValueKind kind, const char *key,
                                      const char *value)
{
    struct serve_request *request = context;
    enum parameter parameter;
    (void)kind;
    if (!parameter_parse(key, &parameter) || request->parameters[parameter])
        request->unknown_parameter = key;
    else
        request->parameters[parameter] = value ? value : "";
    return MHD_YES;
}

static const char *header(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

static struct request_headers read_headers(struct MHD_Connection *connection)
{
    return (struct request_headers){
        .host = header(connection, "Host"),
        .origin = header(connection, "Origin"),
        .fetch_site = header(connection, "Sec-Fetch-Site"),
        .content_type = header(connection, "Content-Type"),
        .authorization = header(connection, "Authorization"),
        .cookie = header(connection, "Cookie"),
        .if_none_match = header(connection, "If-None-Match"),
        .last_event_id = header(connection, "Last-Event-ID"),
    };
}

static void take_body(struct carried *carried, const char *bytes, size_t length)
{
    if (length > sizeof carried->body - carried->length) {
        carried->is_too_long = true;
        return;
    }
    memcpy(carried->body + carried->length, bytes, length);
    carried->length += length;
}

/* A body that says how long it is need not be read to be refused. */
static bool announces_too_much(struct MHD_Connection *connection)
{
    const char *length = header(connection, "Content-Length");
    return length && (strlen(length) > 9 || strtoul(length, NULL, 10) > BODY_MAX);
}

static enum MHD_Result refuse_body(struct MHD_Connection *connection)
{
    struct serve_answer answer = {.status = 0};
    answer_problem(&answer, 413, "what is sent may have 16 KiB");
    return send_answer(connection, &answer);
}

/* Called when the headers are there, for each piece of a body, and at its end.
 * NOLINTNEXTLINE(readability-function-size): the library's parameters */
static enum MHD_Result on_request(void *context, struct MHD_Connection *connection,
                                  const char *path, const char *method, const char *version,
                                  const char *piece, size_t *piece_length, void **state)
{
    struct carried *carried = *state;
    struct serve_answer answer = {.status = 0};
    (void)version;
    if (!carried) {
        *state = memory_new(1, sizeof *carried);
        return announces_too_much(connection) ? refuse_body(connection) : MHD_YES;
    }
    if (*piece_length > 0) {
        take_body(carried, piece, *piece_length);
        *piece_length = 0;
        return MHD_YES;
    }
    if (carried->is_too_long)
        return refuse_body(connection);
    struct serve_request request = {.method = method,
                                    .path = path,
                                    .headers = read_headers(connection),
                                    .body = {carried->body, carried->length}};
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, take_parameter, &request);
    serve_answer(context, &request, &answer);
    return send_answer(connection, &answer);
}

static void on_completed(void *context, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode code)
{
    (void)context;
    (void)connection;
    (void)code;
    free(*state);
    *state = NULL;
}

bool http_start(struct serve *serve, struct error *error)
{
    serve->daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL |
            MHD_USE_ITC,
        0, NULL, NULL, on_request, serve, MHD_OPTION_LISTEN_SOCKET, serve->socket,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        (unsigned)CONNECTIONS_OF_ADDRESS_MAX, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)CONNECTION_MEMORY, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)CONNECTION_IDLE_S,
        MHD_OPTION_THREAD_STACK_SIZE, (size_t)THREAD_STACK, MHD_OPTION_NOTIFY_COMPLETED,
        on_completed, NULL, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
        MHD_OPTION_END);
    if (!serve->daemon)
        return error_set_errno(error, "the HTTP server cannot start");
    /* It closes the socket when it stops. */
    serve->socket = -1;
    return true;
}

void http_stop(struct serve *serve)
{
    if (serve->daemon)
        MHD_stop_daemon(serve->daemon);
    serve->daemon = NULL;
}
