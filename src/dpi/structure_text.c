/* SPDX-License-Identifier: Apache-2.0
 *
 * Protocols that speak in lines.
 */
#include "dpi/structure_checks.h"

#include <ctype.h>
#include <strings.h>

static bool is_printable(uint8_t byte)
{
    return byte >= 0x20 && byte < 0x7f;
}

/* The first line without its end; empty when it holds what no text does. A line that was cut, or
 * is longer than what is kept, is the line as far as it is there. */
static struct span first_line(const struct message *message)
{
    struct span line = {message->bytes.at, 0};
    while (line.length < message->bytes.length) {
        uint8_t byte = line.at[line.length];
        if (byte == '\r' || byte == '\n')
            return line;
        if (!is_printable(byte) && byte != '\t' && byte < 0x80)
            return (struct span){0};
        line.length++;
    }
    return line;
}

static bool line_begins(struct span line, const char *word)
{
    size_t length = strlen(word);
    return line.length >= length && strncasecmp((const char *)line.at, word, length) == 0;
}

static bool line_begins_with_any(struct span line, const char *const *words)
{
    for (; *words; words++) {
        if (line_begins(line, *words))
            return true;
    }
    return false;
}

static bool line_holds(struct span line, const char *word)
{
    return span_holds(line, word, strlen(word));
}

/* Three digits of a reply, and what follows them: a blank or a hyphen (RFC 959 §4.2). */
static int reply_code(struct span line)
{
    if (line.length < 4 || !isdigit(line.at[0]) || !isdigit(line.at[1]) || !isdigit(line.at[2]) ||
        (line.at[3] != ' ' && line.at[3] != '-'))
        return -1;
    return (line.at[0] - '0') * 100 + (line.at[1] - '0') * 10 + line.at[2] - '0';
}

/* RFC 4253 §4.2. */
bool fits_ssh(const struct message *message)
{
    return begins_with(message, "SSH-2.0-") || begins_with(message, "SSH-1.");
}

/* RFC 9110 §9 and RFC 4918: a method, a target; the version may lie behind what is kept. */
static bool is_request_line(struct span line)
{
    static const char *const methods[] = {
        "GET ",         "POST ",         "HEAD ",      "PUT ",    "DELETE ", "OPTIONS ",
        "CONNECT ",     "PATCH ",        "PROPFIND ",  "TRACE ",  "COPY ",   "PROPPATCH ",
        "REPORT ",      "MKCOL ",        "MOVE ",      "LOCK ",   "UNLOCK ", "SEARCH ",
        "RPC_IN_DATA ", "RPC_OUT_DATA ", "SUBSCRIBE ", "NOTIFY ", NULL};
    return line_begins_with_any(line, methods);
}

/* RFC 9112 §3.2: a path or an address; RTSP and SIP have methods in common with HTTP, not these. */
static bool has_http_target(struct span line)
{
    const uint8_t *blank = memchr(line.at, ' ', line.length);
    struct span target = {line.at, 0};
    if (blank)
        target = (struct span){blank + 1, line.length - (size_t)(blank + 1 - line.at)};
    return line_begins(target, "/") || line_begins(target, "http") ||
           line_begins(line, "CONNECT ") || line_begins(line, "RPC_");
}

bool fits_http(const struct message *message)
{
    struct span line = first_line(message);
    if (line_begins(line, "HTTP/1.") || line_begins(line, "HTTP/2 "))
        return true;
    if (!is_request_line(line))
        return false;
    bool is_whole = line.length < message->bytes.length;
    return line_holds(line, " HTTP/1.") ||
           (!is_whole && has_http_target(line) &&
            (message_is_cut(message) || message->bytes.length >= FLOW_SAMPLE_SIZE));
}

/* UPnP Device Architecture 1.1 §1. */
bool fits_ssdp(const struct message *message)
{
    return begins_with(message, "M-SEARCH * HTTP/1.1") ||
           begins_with(message, "NOTIFY * HTTP/1.1") || begins_with(message, "HTTP/1.1 200 OK");
}

/* RFC 3261 §7.1 and §7.2. */
bool fits_sip(const struct message *message)
{
    static const char *const methods[] = {
        "INVITE ", "REGISTER ", "ACK ",   "BYE ",   "CANCEL ", "OPTIONS ", "NOTIFY ", "SUBSCRIBE ",
        "INFO ",   "MESSAGE ",  "PRACK ", "REFER ", "UPDATE ", "PUBLISH ", NULL};
    struct span line = first_line(message);
    return line_begins(line, "SIP/2.0 ") ||
           (line_begins_with_any(line, methods) &&
            (line_holds(line, "sip:") || line_holds(line, "sips:") || line_holds(line, "tel:")));
}

/* RFC 2326 §6 and §7. */
bool fits_rtsp(const struct message *message)
{
    struct span line = first_line(message);
    return line_begins(line, "RTSP/1.0 ") || line_holds(line, " RTSP/1.0") ||
           line_holds(line, " rtsp://");
}

/* RFC 3435 §3.2.1: verb, transaction, endpoint, version; or a reply code and a transaction. */
bool fits_mgcp(const struct message *message)
{
    static const char *const verbs[] = {"EPCF ", "CRCX ", "MDCX ", "DLCX ", "RQNT ",
                                        "NTFY ", "AUEP ", "AUCX ", "RSIP ", NULL};
    struct span line = first_line(message);
    return line_begins_with_any(line, verbs) && line_holds(line, "MGCP");
}

/* RFC 959 §5.4: a greeting that is no mail server's, or a command that only FTP has. */
bool fits_ftp(const struct message *message)
{
    static const char *const commands[] = {"USER ", "PASS ", "AUTH TLS", "AUTH SSL", "FEAT",
                                           "SYST",  "PASV",  "EPSV",     "CWD ",     NULL};
    struct span line = first_line(message);
    int code = reply_code(line);
    if (code >= 0)
        return (code == 220 || code == 230 || code == 331 || code == 120) &&
               !line_holds(line, "SMTP") && !line_holds(line, "smtp");
    return line_begins_with_any(line, commands);
}

/* RFC 5321 §4.1.1 and §4.2. */
bool fits_smtp(const struct message *message)
{
    static const char *const commands[] = {
        "EHLO ", "HELO ", "MAIL FROM:", "RCPT TO:", "STARTTLS", NULL};
    struct span line = first_line(message);
    int code = reply_code(line);
    return code == 220 || code == 250 || code == 554 || line_begins_with_any(line, commands);
}

/* RFC 1939 §3. */
bool fits_pop3(const struct message *message)
{
    static const char *const commands[] = {"USER ", "CAPA", "AUTH", "APOP ", "STLS", "STAT", NULL};
    struct span line = first_line(message);
    return line_begins(line, "+OK") || line_begins(line, "-ERR") ||
           line_begins_with_any(line, commands);
}

/* RFC 9051 §2.2: an untagged greeting, or a tag and a command. */
bool fits_imap(const struct message *message)
{
    static const char *const commands[] = {" CAPABILITY", " LOGIN ", " STARTTLS", " AUTHENTICATE",
                                           " ID ",        " SELECT", " NOOP",     NULL};
    struct span line = first_line(message);
    if (line_begins(line, "* OK") || line_begins(line, "* PREAUTH") || line_begins(line, "* CAPA"))
        return true;
    const uint8_t *blank = line.length > 0 ? memchr(line.at, ' ', line.length) : NULL;
    if (!blank || blank == line.at || blank - line.at > 12)
        return false;
    struct span rest = {blank, line.length - (size_t)(blank - line.at)};
    return line_begins_with_any(rest, commands);
}

/* RFC 3977 §5.1. */
bool fits_nntp(const struct message *message)
{
    static const char *const commands[] = {"MODE READER", "CAPABILITIES", "AUTHINFO ", "GROUP ",
                                           "LIST",        "ARTICLE ",     NULL};
    struct span line = first_line(message);
    int code = reply_code(line);
    return code == 200 || code == 201 || line_begins_with_any(line, commands);
}

/* RFC 2812 §3.1: registration, or a server that names itself. */
bool fits_irc(const struct message *message)
{
    static const char *const commands[] = {"NICK ", "CAP LS", "PASS ", "USER ", NULL};
    struct span line = first_line(message);
    if (line.length > 0 && line.at[0] == ':')
        return line_holds(line, " NOTICE ") || line_holds(line, " 001 ") ||
               line_holds(line, " PRIVMSG ");
    return line_begins(line, "NOTICE AUTH ") || line_begins_with_any(line, commands);
}

/* RFC 6120 §4.2. */
bool fits_xmpp(const struct message *message)
{
    struct span all = message->bytes;
    return begins_with(message, "<stream:stream") ||
           (begins_with(message, "<?xml") && line_holds(all, "<stream:stream")) ||
           (begins_with(message, "<") && line_holds(all, "jabber:"));
}

/* RFC 5424 §6.2.1 and RFC 3164 §4.1.1: a priority up to 191. */
bool fits_syslog(const struct message *message)
{
    struct span line = first_line(message);
    unsigned priority = 0;
    size_t at = 1;
    if (line.length < 8 || line.at[0] != '<')
        return false;
    for (; at < 4 && isdigit(line.at[at]); at++)
        priority = priority * 10 + (unsigned)(line.at[at] - '0');
    return at > 1 && priority <= 191 && line.at[at] == '>' && is_printable(line.at[at + 1]);
}

/* gitprotocol-pack: a line's length in four hexadecimal digits, then the service. */
bool fits_git(const struct message *message)
{
    for (size_t i = 0; i < 4; i++) {
        if (message->bytes.length < 12 || !isxdigit(message->bytes.at[i]))
            return false;
    }
    struct span rest = {message->bytes.at + 4, message->bytes.length - 4};
    return line_begins(rest, "git-upload-pack") || line_begins(rest, "git-receive-pack") ||
           line_holds(rest, " HEAD") || line_holds(rest, " refs/");
}

/* NATS client protocol: the server's INFO or the client's CONNECT, each with its JSON. */
bool fits_nats(const struct message *message)
{
    struct span line = first_line(message);
    return line_begins(line, "INFO {") || line_begins(line, "CONNECT {");
}

/* RFC 854: negotiation opens the session: IAC, WILL/WONT/DO/DONT, an option (RFC 855). */
bool fits_telnet(const struct message *message)
{
    struct cursor cursor = cursor_over(message->bytes);
    uint8_t iac = cursor_u8(&cursor);
    uint8_t verb = cursor_u8(&cursor);
    uint8_t option = cursor_u8(&cursor);
    return cursor_ok(&cursor) && iac == 0xff && verb >= 0xfa && verb <= 0xfe && option <= 49;
}

/* RFC 3912 §2: one line, the whole of what the client says, and it speaks first. */
bool fits_whois(const struct message *message)
{
    struct span line = first_line(message);
    return message->from == TO_RESPONDER && line.length >= 3 && line.length < 128 &&
           line.length + 2 == message->wire_length && memchr(line.at, ' ', line.length) == NULL &&
           memchr(line.at, '.', line.length) != NULL && memchr(line.at, '<', line.length) == NULL;
}
