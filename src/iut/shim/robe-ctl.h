/*
 * robe-ctl/1 for a shim in C: requests come as JSON lines, each is answered on stdout with the same id. What the verbs and their
 * members mean stands in src/iut/control/messages.ts. A shim defines its table of verbs, calls take_requests() whenever its
 * input can be read, and has nothing else to do with lines, ids and JSON:
 *
 *     static enum outcome verb_health(const char *request) { return OK; }
 *     const struct verb verbs[] = {{"health", verb_health}, {"hello", verb_hello}, {NULL, NULL}};
 *
 * A verb that is not in the table is unsupported. Values are pointers to where they begin in the line; a member that is not
 * there is NULL, which each of the functions below takes. The tester's lines are well-formed; others are read to their end and no further.
 */
#ifndef ROBE_CTL_H
#define ROBE_CTL_H

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

enum { LONGEST_LINE = 1 << 20, LONGEST_NAME = 512 };

enum outcome { OK, UNSUPPORTED, FAILURE };

struct verb {
  const char *name;
  enum outcome (*perform)(const char *request);
};

/* Every verb that the shim knows; one without a name is the end. */
extern const struct verb verbs[];

/* What a verb that is done reports, as a JSON object; empty where there is nothing to say. */
static char result[4096];
/* Why a verb could not be done. */
static char why[LONGEST_NAME + 64];

/* `return failed("…")`: the verb cannot be done, and this is why. */
__attribute__((format(printf, 1, 2))) static inline enum outcome failed(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(why, sizeof why, format, arguments);
  va_end(arguments);
  return FAILURE;
}

/* Adds to what is reported. */
__attribute__((format(printf, 1, 2))) static inline void report(const char *format, ...) {
  size_t length = strlen(result);
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(result + length, sizeof result - length, format, arguments);
  va_end(arguments);
}

/* ---- JSON */

static inline const char *after_space(const char *p) { return p + strspn(p, " \t\r\n"); }

static inline const char *after_string(const char *p) {
  for (p++; *p != '\0' && *p != '"'; p++)
    if (*p == '\\' && p[1] != '\0') p++;
  return *p == '"' ? p + 1 : p;
}

/* Where the comma, bracket or brace stands that ends a value. */
static inline const char *after_value(const char *p) {
  for (int depth = 0; *p != '\0';) {
    if (*p == '"') {
      p = after_string(p);
      continue;
    }
    if (*p == '{' || *p == '[') depth++;
    else if (*p == '}' || *p == ']') {
      if (depth-- == 0) return p;
    } else if (*p == ',' && depth == 0) return p;
    p++;
  }
  return p;
}

static inline const char *element_at(const char *p) {
  p = after_space(p);
  return *p == ']' || *p == '\0' ? NULL : p;
}

/* for (const char *each = first_element(list); each != NULL; each = next_element(each)) … */
static inline const char *first_element(const char *list) { return list == NULL || *list != '[' ? NULL : element_at(list + 1); }

static inline const char *next_element(const char *element) {
  const char *end = after_value(element);
  return *end == ',' ? element_at(end + 1) : NULL;
}

static inline const char *member(const char *object, const char *key) {
  size_t length = strlen(key);
  const char *p = object == NULL || *object != '{' ? "" : after_space(object + 1);
  while (*p == '"') {
    const char *name = p + 1;
    p = after_string(p);
    int is_it = (size_t)(p - 1 - name) == length && strncmp(name, key, length) == 0;
    p = after_space(p);
    if (*p != ':') return NULL;
    p = after_space(p + 1);
    if (is_it) return p;
    p = after_value(p);
    if (*p == ',') p = after_space(p + 1);
  }
  return NULL;
}

/* Copies a string value; nonzero if it is none, longer than there is room, or has characters outside ASCII in escapes. */
static inline int read_string(const char *value, char *into, size_t room) {
  size_t length = 0;
  if (value == NULL || *value != '"') return -1;
  for (const char *p = value + 1; *p != '\0' && *p != '"'; p++) {
    char octet = *p;
    if (octet == '\\') {
      p++;
      octet = *p == 'n' ? '\n' : *p == 't' ? '\t' : *p == 'r' ? '\r' : *p;
      if (*p == 'u') {
        unsigned code = 0;
        if (sscanf(p + 1, "%4x", &code) != 1 || code == 0 || code > 126) return -1;
        octet = (char)code;
        p += 4;
      }
    }
    if (length + 1 >= room) return -1;
    into[length++] = octet;
  }
  into[length] = '\0';
  return 0;
}

static inline long read_number(const char *value, long otherwise) {
  char *end = NULL;
  long number = value == NULL ? otherwise : strtol(value, &end, 10);
  return value == NULL || end == value ? otherwise : number;
}

static inline int digit_of(char hex) { return hex <= '9' ? hex - '0' : hex - 'a' + 10; }

/* How many octets a string of lower-case hexadecimal digits has; octet `index` of it. */
static inline size_t octets_in(const char *value) { return value == NULL || *value != '"' ? 0 : strspn(value + 1, "0123456789abcdef") / 2; }

static inline unsigned char octet_of(const char *value, size_t index) {
  const char *digits = value + 1 + 2 * index;
  return (unsigned char)(digit_of(digits[0]) << 4 | digit_of(digits[1]));
}

static inline void write_string(const char *text) {
  putchar('"');
  for (; *text != '\0'; text++) {
    if ((unsigned char)*text < 0x20) printf("\\u%04x", (unsigned char)*text);
    else {
      if (*text == '"' || *text == '\\') putchar('\\');
      putchar(*text);
    }
  }
  putchar('"');
}

/* ---- requests and answers */

/* The verb `hello` of a shim for Linux: who it is, what it can, and how long the kernel keeps MPTCP off after a blackhole. */
static inline enum outcome greet(const char *implementation) {
  struct utsname system;
  unsigned long timeout;
  uname(&system);
  report("{\"protocol\":\"robe-ctl/1\",\"implementation\":\"%s\",\"version\":\"%s\",\"verbs\":[", implementation, system.release);
  for (const struct verb *each = verbs; each->name != NULL; each++) report("%s\"%s\"", each == verbs ? "" : ",", each->name);
  report("]");
  FILE *setting = fopen("/proc/sys/net/mptcp/blackhole_timeout", "r");
  if (setting != NULL && fscanf(setting, "%lu", &timeout) == 1) report(",\"blackhole_timeout\":%lu", timeout);
  if (setting != NULL) fclose(setting);
  report("}");
  return OK;
}

static inline void answer(const char *request) {
  static const char *const words[] = {[OK] = "ok", [UNSUPPORTED] = "unsupported", [FAILURE] = "failed"};
  char name[64] = "";
  enum outcome outcome = UNSUPPORTED;
  result[0] = '\0';
  read_string(member(request, "verb"), name, sizeof name);
  for (const struct verb *each = verbs; each->name != NULL; each++)
    if (strcmp(each->name, name) == 0) outcome = each->perform(request);
  printf("{\"id\":%ld,\"answer\":\"%s\"", read_number(member(request, "id"), 0), words[outcome]);
  if (outcome == OK && result[0] != '\0') printf(",\"result\":%s", result);
  if (outcome == FAILURE) {
    printf(",\"why\":");
    write_string(why);
  }
  printf("}\n");
  fflush(stdout);
}

/* Reads what there is, and answers each request that is whole. Zero at the end of the input, or when a line has no end. */
static inline int take_requests(int fd) {
  static char text[LONGEST_LINE + 2];
  static size_t length;
  ssize_t count = read(fd, text + length, sizeof text - 1 - length);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return 1;
  if (count <= 0) return 0;
  length += (size_t)count;
  text[length] = '\0';
  char *line = text;
  for (char *end; (end = memchr(line, '\n', length - (size_t)(line - text))) != NULL; line = end + 1) {
    *end = '\0';
    if (*line != '\0') answer(after_space(line));
  }
  length -= (size_t)(line - text);
  memmove(text, line, length);
  return length < LONGEST_LINE;
}

#endif
