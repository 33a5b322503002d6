#include "roles.h"
int runtime_main(int, char**) { return 1; }
