#include "roles.h"
int ctk_main(int, char**) { return 1; }
