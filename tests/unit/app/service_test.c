/* SPDX-License-Identifier: Apache-2.0
 *
 * The service manager is a socket of the test's own (sd_notify(3) has the protocol).
 */
#include "unit.h"

#include "app/service.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int listen_at(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = strlen(name);
    memcpy(address.sun_path, name, length);
    if (name[0] == '@')
        address.sun_path[0] = '\0';
    int manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    assert_true(manager >= 0);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    assert_int_equal(bind(manager, (const struct sockaddr *)&address, size), 0);
    return manager;
}

static void hears(int manager, const char *expected)
{
    char words[64] = "";
    assert_int_equal(recv(manager, words, sizeof words - 1, 0), strlen(expected));
    assert_string_equal(words, expected);
}

static void the_manager_hears_what_is_told(const char *name)
{
    int manager = listen_at(name);
    setenv("NOTIFY_SOCKET", name, 1);
    int service = service_open();
    assert_true(service >= 0);
    service_tell(service, "READY=1");
    service_tell(service, "WATCHDOG=1");
    hears(manager, "READY=1");
    hears(manager, "WATCHDOG=1");
    /* A manager that is gone, or does not listen, stops nobody. */
    for (int i = 0; i < 100000; i++)
        service_tell(service, "WATCHDOG=1");
    close(manager);
    service_tell(service, "STOPPING=1");
    service_close(service);
}

static void a_socket_may_be_a_file_or_a_name(void **state)
{
    (void)state;
    char path[64];
    snprintf(path, sizeof path, "%s/portscope-notify-%d",
             getenv("TMPDIR") ? getenv("TMPDIR") : "/var/tmp", (int)getpid());
    the_manager_hears_what_is_told(path);
    unlink(path);
    snprintf(path, sizeof path, "@portscope-notify-%d", (int)getpid());
    the_manager_hears_what_is_told(path);
}

static void without_a_manager_nothing_is_told(void **state)
{
    (void)state;
    static const char *const names[] = {"", "/", "@", "relative", "/no/such/socket"};
    unsetenv("NOTIFY_SOCKET");
    assert_int_equal(service_open(), -1);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        setenv("NOTIFY_SOCKET", names[i], 1);
        assert_int_equal(service_open(), -1);
    }
    char longest[200];
    memset(longest, '/', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    setenv("NOTIFY_SOCKET", longest, 1);
    assert_int_equal(service_open(), -1);
    service_tell(-1, "READY=1");
    service_close(-1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_socket_may_be_a_file_or_a_name),
        cmocka_unit_test(without_a_manager_nothing_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
