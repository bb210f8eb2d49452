/* SPDX-License-Identifier: Apache-2.0 */
#include "review/serve/guard.h"

#include "base/address.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define COOKIE "portscope_session"

/* The host of "name:8154", "192.0.2.1" or "[2001:db8::1]:8154"; false when it is none of these. */
static bool split_host(const char *word, char *out, size_t size, bool *has_brackets)
{
    *has_brackets = word[0] == '[';
    word += *has_brackets;
    size_t length = strcspn(word, *has_brackets ? "]" : ":");
    const char *rest = word + length;
    if (length == 0 || length >= size || (*has_brackets && *rest++ != ']'))
        return false;
    if (*rest != '\0' && (*rest != ':' || strspn(rest + 1, "0123456789") != strlen(rest + 1)))
        return false;
    snprintf(out, size, "%.*s", (int)length, word);
    return true;
}

/* A page that was lured here by a name of its own always sends that name. */
static bool is_our_host(const struct guard *guard, const char *word)
{
    char host[256];
    struct address address;
    bool has_brackets;
    if (!word || !split_host(word, host, sizeof host, &has_brackets))
        return false;
    if (address_parse(host, &address))
        return has_brackets == (address.version == 6);
    if (!has_brackets && strcasecmp(host, "localhost") == 0)
        return true;
    for (size_t i = 0; !has_brackets && i < guard->name_count; i++) {
        if (strcasecmp(host, guard->names[i]) == 0)
            return true;
    }
    return false;
}

static bool is_our_origin(const struct request_headers *headers)
{
    static const char *const schemes[] = {"http://", "https://"};
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        size_t length = strlen(schemes[i]);
        if (strncmp(headers->origin, schemes[i], length) == 0)
            return strcasecmp(headers->origin + length, headers->host) == 0;
    }
    return false;
}

/* Links from elsewhere may lead to the page, but no other site reads or changes anything. */
static bool is_from_elsewhere(const struct serve_request *request)
{
    const struct request_headers *headers = &request->headers;
    bool is_data = strncmp(request->path, "/api/", 5) == 0 || strcmp(request->method, "POST") == 0;
    if (headers->origin && !is_our_origin(headers))
        return true;
    return is_data && headers->fetch_site && strcmp(headers->fetch_site, "same-origin") != 0 &&
           strcmp(headers->fetch_site, "none") != 0;
}

static bool is_json(const char *type)
{
    static const char json[] = "application/json";
    size_t length = sizeof json - 1;
    return type && strncasecmp(type, json, length) == 0 &&
           (type[length] == '\0' || type[length] == ';' || type[length] == ' ');
}

bool guard_lets_in(const struct guard *guard, const struct serve_request *request,
                   struct serve_answer *answer)
{
    if (!is_our_host(guard, request->headers.host)) {
        answer_problem(answer, 421,
                       "asked for under a name that is not ours; use the address, or start with "
                       "--host-name NAME");
        return false;
    }
    if (is_from_elsewhere(request)) {
        answer_problem(answer, 403, "pages of other sites may not ask");
        return false;
    }
    if (strcmp(request->method, "POST") == 0 && !is_json(request->headers.content_type)) {
        answer_problem(answer, 415, "what is sent must be application/json");
        return false;
    }
    return true;
}

/* Takes as long for a wrong first character as for a wrong last one. */
static bool is_same_secret(const char *secret, const char *word, size_t length)
{
    size_t secret_length = strlen(secret);
    uint8_t difference = length != secret_length;
    for (size_t i = 0; i < secret_length; i++) {
        char other = i < length ? word[i] : '\0';
        difference = (uint8_t)(difference | (uint8_t)(secret[i] ^ other));
    }
    return difference == 0 && secret_length > 0;
}

bool guard_is_token(const struct guard *guard, const char *word)
{
    return is_same_secret(guard->token, word, strlen(word));
}

/* The value of our cookie among "a=1; portscope_session=...; b=2". */
static bool has_session(const struct guard *guard, const char *cookies)
{
    static const char key[] = COOKIE "=";
    while (cookies && *cookies != '\0') {
        size_t length = strcspn(cookies, ";");
        if (length >= sizeof key - 1 && strncmp(cookies, key, sizeof key - 1) == 0 &&
            is_same_secret(guard->session, cookies + sizeof key - 1, length - (sizeof key - 1)))
            return true;
        cookies += length;
        cookies += strspn(cookies, "; ");
    }
    return false;
}

bool guard_knows(const struct guard *guard, const struct request_headers *headers)
{
    static const char bearer[] = "Bearer ";
    size_t length = sizeof bearer - 1;
    if (guard->token[0] == '\0')
        return true;
    if (headers->authorization && strncasecmp(headers->authorization, bearer, length) == 0 &&
        guard_is_token(guard, headers->authorization + length))
        return true;
    return has_session(guard, headers->cookie);
}

/* Strict: no other site's request carries it. HttpOnly: no script reads it. */
void guard_cookie(const struct guard *guard, bool is_begin, char out[ANSWER_WORD_SIZE])
{
    snprintf(out, ANSWER_WORD_SIZE, COOKIE "=%s; Path=/; HttpOnly; SameSite=Strict%s",
             is_begin ? guard->session : "", is_begin ? "" : "; Max-Age=0");
}
