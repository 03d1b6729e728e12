package dev.graft.torch;

import dev.graft.GraftException;
import dev.graft.tensor.HostTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.ArchiveWriter;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.InputArchive;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.OutputArchive;
import org.bytedeco.pytorch.StringVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * The state of libtorch's optimizers, which JavaCPP shows in their archives only: there each parameter has an entry under
 * the address of its native object. To put state back an archive is made of what an optimizer without state writes of its
 * settings, and of the entries; libtorch reads no bytes but those that it wrote in this process.
 */
final class OptimizerArchive {
    private static final List<String> MEANS =
            List.of("exp_avg", "exp_avg_sq", "max_exp_avg_sq", "square_avg", "momentum_buffer", "grad_avg");
    private static final String STEPS = "step";
    private static final String STATE = "state";
    private static final String GROUPS = "param_groups";
    private static final String OPTIONS = "options";
    private static final String VERSION = "pytorch_version";

    private OptimizerArchive() {}

    /** What the optimizer remembers of each parameter; within a scope. */
    static List<ParameterState> read(Optimizer optimizer, List<Tensor> parameters) {
        InputArchive state = part(archive(optimizer), STATE);
        List<ParameterState> states = new ArrayList<>();
        for (Tensor parameter : parameters) {
            InputArchive entry = new InputArchive();
            boolean known = state.try_read(key(parameter), entry);
            states.add(known ? entry(entry) : new ParameterState(0, Map.of()));
        }
        return states;
    }

    private static ParameterState entry(InputArchive entry) {
        Map<String, HostTensor> means = new LinkedHashMap<>();
        for (String name : MEANS) {
            IValue value = new IValue();
            if (entry.try_read(name, value) && value.isTensor()) {
                means.put(name, Tensor.wrap(value.toTensor()).toHost());
            }
        }
        IValue steps = new IValue();
        return new ParameterState(entry.try_read(STEPS, steps) ? steps.toInt() : 0, means);
    }

    /** Lets an optimizer that made no step remember this of each parameter; within a scope. */
    static void write(Optimizer optimizer, List<Tensor> parameters, List<ParameterState> states) {
        InputArchive fresh = archive(optimizer);
        if (part(fresh, STATE).keys().size() > 0) {
            throw new GraftException("an optimizer that made steps takes no other state; compile again");
        }
        OutputArchive out = new OutputArchive();
        copy(VERSION, fresh, out);
        OutputArchive state = new OutputArchive(out.compilation_unit());
        for (int i = 0; i < states.size(); i++) {
            if (!states.get(i).isNone()) {
                state.write(key(parameters.get(i)), entry(states.get(i), parameters.get(i), out));
            }
        }
        out.write(STATE, state);
        out.write(
                GROUPS,
                groups(
                        part(fresh, GROUPS),
                        Math.toIntExact(optimizer.param_groups().size()),
                        out));
        optimizer.load(reopened(out));
    }

    private static OutputArchive entry(ParameterState state, Tensor parameter, OutputArchive whole) {
        OutputArchive entry = new OutputArchive(whole.compilation_unit());
        entry.write(STEPS, new IValue(state.steps()));
        state.means().forEach((name, values) -> {
            // Laid out as the parameter is, and as libtorch does: sums over another layout would round otherwise.
            Tensor mean = Tensor.wrap(torch.empty_like(parameter.pointer().detach()));
            mean.assign(values);
            entry.write(name, new IValue(mean.pointer()));
        });
        return entry;
    }

    private static OutputArchive groups(InputArchive from, int count, OutputArchive whole) {
        OutputArchive groups = new OutputArchive(whole.compilation_unit());
        copyTensor(GROUPS + "/size", from, groups);
        for (int i = 0; i < count; i++) {
            String name = GROUPS + "/" + i;
            InputArchive read = part(from, name);
            OutputArchive group = new OutputArchive(whole.compilation_unit());
            long size = copyTensor("params/size", read, group);
            for (int parameter = 0; parameter < size; parameter++) {
                copy("params/" + parameter, read, group);
            }
            InputArchive options = part(read, OPTIONS);
            OutputArchive copied = new OutputArchive(whole.compilation_unit());
            StringVector keys = options.keys();
            for (long key = 0; key < keys.size(); key++) {
                copy(keys.get(key).getString(), options, copied);
            }
            group.write(OPTIONS, copied);
            groups.write(name, group);
        }
        return groups;
    }

    private static void copy(String key, InputArchive from, OutputArchive to) {
        IValue value = new IValue();
        from.read(key, value);
        to.write(key, value);
    }

    private static long copyTensor(String key, InputArchive from, OutputArchive to) {
        var value = new org.bytedeco.pytorch.Tensor();
        from.read(key, value);
        to.write(key, value);
        return value.item_long();
    }

    private static InputArchive part(InputArchive whole, String name) {
        InputArchive part = new InputArchive();
        whole.read(name, part);
        return part;
    }

    private static InputArchive archive(Optimizer optimizer) {
        OutputArchive out = new OutputArchive();
        optimizer.save(out);
        return reopened(out);
    }

    private static InputArchive reopened(OutputArchive out) {
        // Written twice, so that its memory is taken once and not on the heap: it is as large as the state.
        long size;
        try (var counter = new Writer(null)) {
            out.save_to(counter);
            size = counter.written;
        }
        InputArchive in = new InputArchive();
        try (BytePointer memory = new BytePointer(size);
                var writer = new Writer(memory)) {
            out.save_to(writer);
            in.load_from(memory.position(0), size);
        }
        return in;
    }

    /** Called by libtorch with each piece. */
    private static final class Writer extends ArchiveWriter {
        private final @Nullable BytePointer memory;
        private long written;

        /** @param memory for all pieces, or null to count their bytes only */
        Writer(@Nullable BytePointer memory) {
            this.memory = memory;
        }

        @Override
        public long call(Pointer piece, long size) {
            if (memory != null) {
                Pointer.memcpy(memory.position(written), piece, size);
            }
            written += size;
            return size;
        }
    }

    private static String key(Tensor parameter) {
        return Long.toUnsignedString(parameter.pointer().unsafeGetTensorImpl().address());
    }
}
