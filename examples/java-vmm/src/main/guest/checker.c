// SPDX-License-Identifier: Apache-2.0
/*
 * A guest that notices whatever goes wrong with it. It is started in 64-bit mode
 * on all processors at once, with the number of each in RDI, memory mapped where
 * it is, and nothing else: see LongMode.java. Checker.java knows what it does.
 */
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;

#define WALKED		0x200000UL	/* the memory that is walked starts here */
#define DEVICES		0xc0000000UL	/* no memory from here */
#define DEVICES_END	0x100000000UL	/* to here */
#define REPORT		0x6000UL
#define APIC		0xfee00000UL
#define APIC_EOI	0x0b0
#define APIC_SPURIOUS	0x0f0
#define APIC_TIMER	0x320
#define APIC_COUNT	0x380
#define APIC_DIVIDE	0x3e0
#define APIC_ENABLED	0x1ff
#define APIC_PERIODIC	0x20000
#define BY_ONE		0xb
#define TICK		10000000	/* of the APIC's clock of 1 GHz: 10 ms */
#define TICK_VECTOR	0x20
#define SERIAL		0x3f8
#define CODE_SELECTOR	0x10
#define INTERRUPT_GATE	0x8e
#define FACTOR		0x9e3779b97f4a7c15UL

struct report {
	volatile u64 passes;
	volatile u64 chain;
	volatile u64 ticks;
	volatile u64 wrong_words;
	volatile u64 clock_jumps;
	volatile u64 last_clock;
	u64 unused[2];
};

struct head {
	u64 memory;
	u64 vcpus;
	u64 unused[6];
	struct report of[];
};

struct gate {
	u16 low;
	u16 selector;
	u8 stack;
	u8 type;
	u16 middle;
	u32 high;
	u32 unused;
};

struct frame;

static struct head *const head = (struct head *)REPORT;
static struct gate gates[TICK_VECTOR + 1];

static void out(u16 port, u8 value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}

static void say(const char *text)
{
	while (*text)
		out(SERIAL, *text++);
}

static void apic(u32 reg, u32 value)
{
	*(volatile u32 *)(APIC + reg) = value;
}

static u32 this_vcpu(void)
{
	return *(volatile u32 *)(APIC + 0x20) >> 24;
}

static u64 clock(void)
{
	u32 low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (u64)high << 32 | low;
}

__attribute__((interrupt)) static void tick(struct frame *frame)
{
	struct report *mine = &head->of[this_vcpu()];
	u64 now = clock();

	(void)frame;
	if (now < mine->last_clock) {
		mine->clock_jumps++;
		say("the clock went back\n");
	}
	mine->last_clock = now;
	mine->ticks++;
	apic(APIC_EOI, 0);
}

__attribute__((interrupt)) static void fault(struct frame *frame)
{
	(void)frame;
	say("a fault\n");
	for (;;)
		__asm__ volatile("cli; hlt");
}

static void gate(u32 vector, void (*handler)(struct frame *))
{
	u64 address = (u64)handler;

	gates[vector] = (struct gate){
		.low = address,
		.selector = CODE_SELECTOR,
		.type = INTERRUPT_GATE,
		.middle = address >> 16,
		.high = address >> 32,
	};
}

/* All processors write the same. */
static void start_timer(void)
{
	struct {
		u16 limit;
		u64 base;
	} __attribute__((packed)) table = { sizeof(gates) - 1, (u64)gates };
	u32 vector;

	for (vector = 0; vector < TICK_VECTOR; vector++)
		gate(vector, fault);
	gate(TICK_VECTOR, tick);
	__asm__ volatile("lidt %0" : : "m"(table));
	apic(APIC_SPURIOUS, APIC_ENABLED);
	apic(APIC_DIVIDE, BY_ONE);
	apic(APIC_TIMER, APIC_PERIODIC | TICK_VECTOR);
	apic(APIC_COUNT, TICK);
	__asm__ volatile("sti");
}

static u64 word(u64 address, u64 pass)
{
	return (address ^ pass << 32) * FACTOR;
}

/* Where the memory is that is so far from its start. */
static volatile u64 *place(u64 offset)
{
	if (offset >= DEVICES)
		offset += DEVICES_END - DEVICES;
	return (volatile u64 *)offset;
}

static void walk(struct report *mine, u64 from, u64 end)
{
	u64 pass = mine->passes, at;

	for (at = from; at < end; at += sizeof(u64)) {
		volatile u64 *here = place(at);

		if (*here != (pass ? word(at, pass) : 0)) {
			mine->wrong_words++;
			say("a wrong word\n");
		}
		*here = word(at, pass + 1);
	}
	mine->chain = (mine->chain ^ (pass + 1)) * FACTOR;
	mine->passes = pass + 1;
}

void start(u64 vcpu)
{
	u64 share = (head->memory - WALKED) / head->vcpus / sizeof(u64) * sizeof(u64);
	u64 from = WALKED + vcpu * share;

	if (!vcpu)
		say("walking\n");
	start_timer();
	for (;;)
		walk(&head->of[vcpu], from, from + share);
}
