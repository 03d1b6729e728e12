package dev.graft.formats;

import dev.graft.GraftException;
import dev.graft.weights.Cursor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a Python pickle as data. A pickle is a program for a small stack machine, which in Python may import and call
 * anything; here it makes numbers, strings, lists, tuples, dicts and what {@link Callables} knows, everything else is {@link
 * Opaque}, and nothing runs. Every step makes one value at most and takes at least a byte, so time and memory are bounded by
 * the file; nesting takes no stack of ours.
 *
 * <p>Values are {@link String}, {@link Long} ({@link java.math.BigInteger} beyond it), {@link Double}, {@link Boolean},
 * {@link None}, {@link List} for lists, tuples and sets, {@link Map} for dicts, {@link Opaque} and what the callables give.
 * Containers may contain themselves: do not compare or print them.
 *
 * @see <a href="https://github.com/python/cpython/blob/3.11/Lib/pickletools.py">the instructions</a>
 */
final class Pickle {
    /** Far more than any state dict needs: a tensor takes about 25 steps. */
    private static final int MOST_STEPS = 2_000_000;

    private static final int LONGEST_NAME = 256;

    /** Python's {@code None}. */
    enum None {
        NONE
    }

    /** The functions and classes that may occur in a pickle, and what they make. */
    interface Callables {
        /** What stands for a callable; {@link Opaque} for one that is not known. */
        Object find(String name);

        Object call(Object callable, List<?> arguments);

        /** What an object that is kept outside of the pickle is known by here. */
        Object persistent(Object id);
    }

    private final Cursor in;
    private final PickleLiterals literals;
    private final Callables callables;
    private final List<Object> stack = new ArrayList<>();
    private final Deque<Integer> marks = new ArrayDeque<>();
    private final Map<Long, Object> memo = new HashMap<>();

    /**
     * @param in at the first instruction; behind the last one after {@link #read}
     */
    Pickle(Cursor in, Callables callables) {
        this.in = in;
        this.literals = new PickleLiterals(in);
        this.callables = callables;
    }

    /** The value that the pickle describes. */
    Object read() {
        for (int step = 0; step < MOST_STEPS; step++) {
            int instruction = in.u8("a pickle instruction");
            if (instruction == '.') {
                return pop();
            }
            execute(instruction);
        }
        throw in.fault("the pickle has more than " + MOST_STEPS + " steps; no file of weights needs so many");
    }

    private void execute(int instruction) {
        switch (instruction) {
            case 0x80 -> in.u8("the pickle's version");
            case 0x95 -> in.take(8, "the length of a frame");
            case '(' -> marks.push(stack.size());
            case 'q' -> memo.put((long) in.u8("a memo number"), top());
            case 'r' -> memo.put(in.u32("a memo number"), top());
            case 0x94 -> memo.put((long) memo.size(), top());
            case 'h' -> stack.add(remembered(in.u8("a memo number")));
            case 'j' -> stack.add(remembered(in.u32("a memo number")));
            case 'a' -> {
                Object element = pop();
                list().add(element);
            }
            case 'e', 0x90 -> {
                List<Object> elements = sinceMark();
                list().addAll(elements);
            }
            case 's' -> {
                Object value = pop();
                Object key = pop();
                put(List.of(key, value));
            }
            case 'u' -> put(sinceMark());
            case 't' -> stack.add(Collections.unmodifiableList(sinceMark()));
            case 0x85, 0x86, 0x87 ->
                stack.add(Collections.unmodifiableList(takeFrom(stack.size() - (instruction - 0x84))));
            case '0' -> pop();
            case '1' -> sinceMark();
            default -> objects(instruction);
        }
    }

    /** What names, makes and fills objects. */
    private void objects(int instruction) {
        switch (instruction) {
            case 'c' -> stack.add(callables.find(line() + "." + line()));
            case 0x93 -> stack.add(nameOnStack());
            case 'R', 0x81 -> {
                List<?> arguments = pop(List.class, "a tuple of arguments");
                stack.add(callables.call(pop(), arguments));
            }
            case 0x92 -> {
                pop();
                List<?> arguments = pop(List.class, "a tuple of arguments");
                stack.add(callables.call(pop(), arguments));
            }
            case 'i' -> {
                Object callable = callables.find(line() + "." + line());
                stack.add(callables.call(callable, sinceMark()));
            }
            case 'o' -> {
                List<Object> parts = sinceMark();
                if (parts.isEmpty()) {
                    throw empty();
                }
                stack.add(callables.call(parts.get(0), parts.subList(1, parts.size())));
            }
            case 'Q' -> stack.add(callables.persistent(pop()));
            case 'b' -> build();
            case 0x91 -> stack.add(Collections.unmodifiableList(sinceMark()));
            default -> stack.add(literals.read(instruction));
        }
    }

    private Object nameOnStack() {
        String name = pop(String.class, "the name of a callable");
        return callables.find(pop(String.class, "the module of a callable") + "." + name);
    }

    /** The attributes of an object: of what is known they are torch's version marks, or nothing that is needed. */
    private void build() {
        Object state = pop();
        if (top() instanceof Opaque object) {
            object.state(state);
        }
    }

    private String line() {
        StringBuilder line = new StringBuilder();
        for (int letter = in.u8("a name"); letter != '\n'; letter = in.u8("a name")) {
            if (line.length() == LONGEST_NAME) {
                throw in.fault("the pickle names a callable of more than " + LONGEST_NAME + " letters");
            }
            line.append((char) letter);
        }
        return line.toString();
    }

    private Object remembered(long number) {
        Object value = memo.get(number);
        if (value == null) {
            throw in.fault("the pickle refers to value " + number + ", which it has not made; fetch the file again");
        }
        return value;
    }

    /** What elements are added to; those of an opaque one are not kept. */
    @SuppressWarnings("unchecked")
    private List<Object> list() {
        if (top() instanceof ArrayList<?> list) {
            return (List<Object>) list;
        }
        if (top() instanceof Opaque) {
            return new ArrayList<>();
        }
        throw in.fault("the pickle adds to something that is no list; the file is damaged, fetch it again");
    }

    private void put(List<Object> pairs) {
        Map<Object, Object> dict = pairs.size() % 2 == 0 ? dict(top()) : null;
        if (dict == null) {
            throw in.fault("the pickle does not put pairs into a dict; the file is damaged, fetch it again");
        }
        for (int i = 0; i < pairs.size(); i += 2) {
            dict.put(key(pairs.get(i)), pairs.get(i + 1));
        }
    }

    @SuppressWarnings("unchecked")
    private static @Nullable Map<Object, Object> dict(Object value) {
        return value instanceof Opaque object
                ? object.entries()
                : value instanceof Map ? (Map<Object, Object>) value : null;
    }

    /** Only what hashes in constant time, as a tuple might contain itself: others stand for themselves alone. */
    static Object key(Object key) {
        boolean plain = key instanceof String
                || key instanceof Number
                || key instanceof Boolean
                || key instanceof Opaque
                || key == None.NONE;
        return plain ? key : Opaque.of("a key");
    }

    private List<Object> sinceMark() {
        if (marks.isEmpty()) {
            throw in.fault("the pickle ends a list that it has not begun; the file is damaged, fetch it again");
        }
        return takeFrom(marks.pop());
    }

    private List<Object> takeFrom(int begin) {
        if (begin < (marks.isEmpty() ? 0 : marks.peek()) || begin > stack.size()) {
            throw empty();
        }
        List<Object> tail = stack.subList(begin, stack.size());
        List<Object> taken = new ArrayList<>(tail);
        tail.clear();
        return taken;
    }

    private <T> T pop(Class<T> type, String what) {
        Object value = pop();
        if (!type.isInstance(value)) {
            throw in.fault("the pickle lacks " + what + "; the file is damaged, fetch it again");
        }
        return type.cast(value);
    }

    private Object pop() {
        Object value = top();
        stack.remove(stack.size() - 1);
        return value;
    }

    private Object top() {
        if (stack.size() <= (marks.isEmpty() ? 0 : marks.peek())) {
            throw empty();
        }
        return stack.get(stack.size() - 1);
    }

    private GraftException empty() {
        return in.fault("the pickle takes a value that it has not made; the file is damaged, fetch it again");
    }
}
