/*
 * RobE on the kernel's own sockets (draft-amend-tcpm-mptcp-robe sections 2.1 to 2.5), in two guises:
 *
 *     cc -O2 -pthread -o robe-engine *.c
 *     robe-engine proxy                        for programs, told what to do on standard input (proxy.c)
 *     robe-engine witness sim|timer|ips …      as an implementation under test, by robe-ctl/1 (witness.c); with-data among
 *                                              them: the third segment of a race waits for the first octets
 */
#include "engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int count, char **arguments) {
  if (count == 2 && strcmp(arguments[1], "proxy") == 0) return run_proxy();
  if (count > 2 && strcmp(arguments[1], "witness") == 0) {
    scheme.sim = scheme.timer = scheme.ips = defers_third_segment = 0;
    for (int index = 2; index < count; index++) {
      if (strcmp(arguments[index], "sim") == 0) scheme.sim = 1;
      else if (strcmp(arguments[index], "timer") == 0) scheme.timer = 1;
      else if (strcmp(arguments[index], "ips") == 0) scheme.ips = 1;
      else if (strcmp(arguments[index], "with-data") == 0) defers_third_segment = 1;
      else return 2;
    }
    return run_witness();
  }
  fprintf(stderr, "expected: proxy, or witness sim|timer|ips\n");
  return 2;
}
