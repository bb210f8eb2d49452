/* SPDX-License-Identifier: Apache-2.0 */
#include "store/clickhouse_http.h"

#include "base/memory.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    ANSWER_MAX = 1 << 28,
    CREDENTIAL_SIZE = 256,
    CONNECT_S = 5,
    REQUEST_S = 120,
    STATUS_OK = 200,
    STATUS_BUSY = 503,
};

struct clickhouse_http {
    CURL *curl;
    char server[TARGET_PATH_SIZE + 16];
    char user[CREDENTIAL_SIZE], password[CREDENTIAL_SIZE];
    store_patience_fn *has_patience; /* NULL: as long as it takes */
    void *patience_context;
};

static bool read_credentials(const char *path, struct clickhouse_http *http, struct error *error)
{
    char line[2 * CREDENTIAL_SIZE] = "";
    char shown[160];
    struct stat facts;
    FILE *file = fopen(path, "re");
    text_printable(path, shown, sizeof shown);
    if (!file)
        return error_set_errno(error, "credentials %s cannot be read", shown);
    bool is_private = fstat(fileno(file), &facts) == 0 && (facts.st_mode & 077) == 0;
    bool is_read = fgets(line, sizeof line, file) != NULL;
    fclose(file);
    line[strcspn(line, "\r\n")] = '\0';
    char *colon = strchr(line, ':');
    if (!is_private)
        return error_set(error, "credentials %s may be read by others; chmod 600 it", shown);
    if (!is_read || !colon || colon - line >= CREDENTIAL_SIZE ||
        strlen(colon + 1) >= CREDENTIAL_SIZE)
        return error_set(error, "credentials %s: the first line must be USER:PASSWORD", shown);
    *colon = '\0';
    memcpy(http->user, line, strlen(line) + 1);
    memcpy(http->password, colon + 1, strlen(colon + 1) + 1);
    return true;
}

static bool find_credentials(struct clickhouse_http *http, struct error *error)
{
    const char *path = getenv("PORTSCOPE_CLICKHOUSE_CREDENTIALS");
    const char *user = getenv("PORTSCOPE_CLICKHOUSE_USER");
    const char *password = getenv("PORTSCOPE_CLICKHOUSE_PASSWORD");
    if (path && *path)
        return read_credentials(path, http, error);
    snprintf(http->user, sizeof http->user, "%s", user ? user : "");
    snprintf(http->password, sizeof http->password, "%s", password ? password : "");
    return true;
}

struct clickhouse_http *clickhouse_http_new(const struct target *target, struct error *error)
{
    struct clickhouse_http *http = memory_new(1, sizeof *http);
    snprintf(http->server, sizeof http->server, "%s://%s/", target->has_tls ? "https" : "http",
             target->path);
    http->curl = curl_easy_init();
    if (!http->curl)
        error_set(error, "store: libcurl cannot start");
    if (http->curl && find_credentials(http, error))
        return http;
    clickhouse_http_free(http);
    return NULL;
}

void clickhouse_http_free(struct clickhouse_http *http)
{
    if (!http)
        return;
    curl_easy_cleanup(http->curl);
    explicit_bzero(http->password, sizeof http->password);
    free(http);
}

void clickhouse_http_set_patience(struct clickhouse_http *http, store_patience_fn *has_patience,
                                  void *context)
{
    http->has_patience = has_patience;
    http->patience_context = context;
}

/* libcurl calls it about once a second while nothing arrives. */
static int is_out_of_patience(void *self, curl_off_t to_read, curl_off_t read, curl_off_t to_send,
                              curl_off_t sent)
{
    struct clickhouse_http *http = self;
    (void)to_read;
    (void)read;
    (void)to_send;
    (void)sent;
    return !http->has_patience(http->patience_context);
}

static size_t take_answer(char *bytes, size_t size, size_t count, void *context)
{
    struct text *answer = context;
    size_t length = size * count;
    if (answer->length + length > ANSWER_MAX)
        return 0;
    text_add_n(answer, bytes, length);
    return length;
}

static void add_parameter(struct text *url, CURL *curl, const char *name, const char *value)
{
    char *escaped = curl_easy_escape(curl, value, 0);
    if (!escaped)
        memory_exhausted();
    text_addf(url, "%s%s=%s", url->data[url->length - 1] == '/' ? "?" : "&", name, escaped);
    curl_free(escaped);
}

static void set_up(struct clickhouse_http *http, const struct http_request *request,
                   const struct text *url, struct text *answer)
{
    CURL *curl = http->curl;
    const char *body = request->body ? text_words(request->body) : request->statement;
    size_t length = request->body ? request->body->length : strlen(body);
    curl_easy_reset(curl);
    curl_easy_setopt(curl, CURLOPT_URL, text_words(url));
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)REQUEST_S);
    curl_easy_setopt(curl, CURLOPT_POST, 1L);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)length);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    if (http->has_patience) {
        curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
        curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, is_out_of_patience);
        curl_easy_setopt(curl, CURLOPT_XFERINFODATA, http);
    }
    if (http->user[0] != '\0') {
        curl_easy_setopt(curl, CURLOPT_USERNAME, http->user);
        curl_easy_setopt(curl, CURLOPT_PASSWORD, http->password);
    }
}

/* The server's own words, one line of them. */
static enum http_result refused(const struct clickhouse_http *http, long status,
                                const struct text *answer, struct error *error)
{
    char line[300], shown[600];
    snprintf(line, sizeof line, "%s", text_words(answer));
    line[strcspn(line, "\n")] = '\0';
    error_set(error, "store %s: HTTP %ld: %s", http->server, status,
              text_printable(line, shown, sizeof shown));
    return status == STATUS_BUSY ? HTTP_AWAY : HTTP_REFUSED;
}

enum http_result clickhouse_http_run(struct clickhouse_http *http,
                                     const struct http_request *request, struct error *error)
{
    struct text url = {0}, own = {0};
    struct text *answer = request->answer ? request->answer : &own;
    enum http_result result = HTTP_DONE;
    long status = 0;
    text_add(&url, http->server);
    if (request->database)
        add_parameter(&url, http->curl, "database", request->database);
    if (request->body)
        add_parameter(&url, http->curl, "query", request->statement);
    set_up(http, request, &url, answer);
    CURLcode code = curl_easy_perform(http->curl);
    curl_easy_getinfo(http->curl, CURLINFO_RESPONSE_CODE, &status);
    if (code == CURLE_ABORTED_BY_CALLBACK) {
        error_set(error, "the question took too long; ask about less time");
        result = HTTP_REFUSED;
    } else if (code != CURLE_OK) {
        error_set(error, "store %s: %s", http->server, curl_easy_strerror(code));
        result = HTTP_AWAY;
    } else if (status != STATUS_OK) {
        result = refused(http, status, answer, error);
    }
    text_free(&url);
    text_free(&own);
    return result;
}
