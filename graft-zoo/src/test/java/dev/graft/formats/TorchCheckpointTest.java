package dev.graft.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.graft.GraftException;
import dev.graft.tensor.HostTensor;
import dev.graft.tensor.Shape;
import dev.graft.weights.TinyFiles;
import dev.graft.weights.WeightFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files are torch's own, written by {@code tools/reference/torch_files.py}. */
class TorchCheckpointTest {
    private static final List<String> WHOLE_NUMBERS = List.of("norm.num_batches_tracked", "bytes", "flags");

    @ParameterizedTest
    @ValueSource(strings = {"tiny_zip.pth", "tiny_legacy.pth", "tiny_protocol4.pth", "tiny_unaligned.pth"})
    void readsWhatTorchWrote(String name, @TempDir Path folder) throws IOException {
        byte[] content = TinyFiles.bytes(name);
        Path path = Files.write(folder.resolve("any name"), content);
        for (WeightFile file : List.of(WeightFormats.read(path), read(content))) {
            List<String> names = new ArrayList<>(file.tensors().keySet());
            assertThat(names).hasSize(15).startsWith("conv.weight").endsWith("half.transposed");
            assertThat(file.tensors().values())
                    .extracting(tensor -> tensor.type() + tensor.shape())
                    .containsExactly(
                            "F32[4, 3, 2, 2]",
                            "F16[4]",
                            "BF16[4]",
                            "F64[2, 32]",
                            "I64[]",
                            "F32[0, 3]",
                            "F32[3, 4]",
                            "F32[2, 2, 2]",
                            "F32[2, 3]",
                            "F32[5, 3]",
                            "F32[2, 3, 2, 2]",
                            "F32[3]",
                            "U8[3]",
                            "BOOL[2]",
                            "F16[2, 3]");
            for (String tensor : names) {
                if (WHOLE_NUMBERS.contains(tensor)) {
                    assertThatThrownBy(() -> file.read(tensor)).hasMessageContaining("expected floating-point numbers");
                } else {
                    TinyFiles.assertFormula(file.read(tensor), names.indexOf(tensor));
                }
            }
        }
    }

    @Test
    void alignedFloatsAreNotCopied(@TempDir Path folder) throws IOException {
        HostTensor mapped = WeightFormats.read(Files.write(folder.resolve("x.pth"), TinyFiles.bytes("tiny_zip.pth")))
                .read("shared.second");
        assertThat(mapped.values().isDirect()).isTrue();
        assertThat(mapped.values().isReadOnly()).as("a view of the mapping").isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny_checkpoint.pth", "tiny_checkpoint_legacy.pth"})
    void theStateDictOfACheckpointIsFound(String name) {
        WeightFile file = read(TinyFiles.bytes(name));
        assertThat(file.tensors().keySet())
                .containsExactly(
                        "0.weight",
                        "0.bias",
                        "1.weight",
                        "1.bias",
                        "1.running_mean",
                        "1.running_var",
                        "1.num_batches_tracked");
        assertThat(file.tensors().get("0.weight")).extracting("shape").isEqualTo(Shape.of(2, 3, 1, 1));
        TinyFiles.assertFormula(file.read("1.running_var"), 5);
        assertThat(file.metadata())
                .containsEntry("epoch", "12")
                .containsEntry("arch", "größer")
                .containsEntry("best", "0.75")
                .containsEntry("huge", "1180591620717411303424")
                .containsEntry("nothing", "None, left out")
                .containsEntry("optimizer", "a dict of 2 entries, left out")
                .hasSize(6);
    }

    /** A state dict beside a tensor and some thirty other things: argparse's, NumPy's, enums, dates, sets. */
    @ParameterizedTest
    @ValueSource(strings = {"training.pth", "training_protocol1.pth", "training_protocol5.pth", "training_legacy.pth"})
    void whatAScriptKeepsBesideTheWeightsIsLeftOutByName(String name) {
        WeightFile file = read(TinyFiles.bytes(name));
        assertThat(file.tensors()).hasSize(7).containsKey("1.running_var");
        TinyFiles.assertFormula(file.read("1.running_var"), 5);
        assertThat(file.metadata())
                .containsEntry("args", "a value of argparse.Namespace, which Graft does not run, left out")
                .containsEntry("best", "a value of numpy.core.multiarray.scalar, which Graft does not run, left out")
                .containsEntry("temperature", "a tensor [], left out")
                .containsEntry("counts", "a dict of 1 entries, left out")
                .hasSize(29);
        assertThat(file.notes()).isEmpty();
    }

    @Test
    void theWeightsOfAWholeModuleAreReadAsItsStateDictHasThem() {
        WeightFile file = read(TinyFiles.bytes("whole_parallel.pth"));
        assertThat(file.tensors().keySet())
                .containsExactly(
                        "module.a.kept",
                        "module.a.conv.weight",
                        "module.a.norm.weight",
                        "module.a.norm.bias",
                        "module.a.norm.running_mean",
                        "module.a.norm.running_var",
                        "module.a.norm.num_batches_tracked",
                        "module.fc.weight",
                        "module.fc.bias");
        // In the order of its state dict, which has a module's own buffers before its modules.
        TinyFiles.assertFormula(file.read("module.a.kept"), 0);
        TinyFiles.assertFormula(file.read("module.a.conv.weight"), 1);
        TinyFiles.assertFormula(file.read("module.fc.bias"), 8);
        assertThat(file.notes())
                .containsExactly(
                        "is a whole torch.nn.parallel.data_parallel.DataParallel; its parameters and buffers are"
                                + " read, and nothing of it runs");
    }

    @Test
    void ofSeveralWeightsTheFirstByTheOrderCounts() {
        WeightFile file = read(TinyFiles.bytes("whole_in_checkpoint.pth"));
        assertThat(file.tensors()).hasSize(9).containsKey("module.fc.weight");
        assertThat(file.metadata()).containsEntry("epoch", "3");
        assertThat(file.notes()).hasSize(2);
        assertThat(file.notes().get(0))
                .startsWith("its weights are taken from 'model', not from 'ema': the first counts of state_dict,");
    }

    @Test
    void tensorsOfUnknownKindsAreMissingByNameAndReason() {
        WeightFile file = read(TinyFiles.bytes("unknown_tensors.pth"));
        assertThat(file.tensors()).containsOnlyKeys("plain");
        assertThatThrownBy(() -> file.read("quantized"))
                .hasMessageContaining("no tensor 'quantized' among its 1 (in the file it is a tensor of"
                        + " torch._utils._rebuild_qtensor, which Graft does not run");
        assertThat(file.metadata())
                .containsEntry(
                        "sparse", "a tensor of torch._utils._rebuild_sparse_tensor, which Graft does not run, left out")
                .containsEntry("complex", "a tensor of torch.ComplexFloatStorage, which Graft does not run, left out");
    }

    /** What would call os.system in Python is passed over unread. */
    @ParameterizedTest
    @ValueSource(strings = {"evil_zip.pth", "evil_legacy.pth", "evil_protocol4.pth", "numpy_scalar.pth"})
    void nothingRuns(String name) {
        WeightFile file = read(TinyFiles.bytes(name));
        assertThat(file.tensors()).containsOnlyKeys("weight");
        assertThat(file.metadata().values())
                .singleElement()
                .asString()
                .matches("a value of (posix.system|numpy.core.multiarray.scalar), which Graft does not run, left out");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "optimizer.pth   | the state of an optimizer, which has no weights of a network; save the state dict",
                "torchscript.pt  | a program (TorchScript); save its state dict: torch.save(torch.jit.load(file)",
            })
    void whatIsNoDictOfTensorsIsRefusedByName(String name, String reason) {
        refuse(TinyFiles.bytes(name), reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny_zip.pth", "tiny_legacy.pth", "tiny_unaligned.pth"})
    void everyTruncatedFileIsRefused(String name) {
        byte[] whole = TinyFiles.bytes(name);
        for (int length = 4; length < whole.length; length += 7) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> read(part)).as("%d bytes", length).isInstanceOf(GraftException.class);
        }
    }

    private static WeightFile read(byte[] content) {
        return TorchCheckpoint.read("bad.pth", ByteBuffer.wrap(content));
    }

    private static void refuse(byte[] content, String reason) {
        assertThatThrownBy(() -> read(content))
                .isInstanceOf(GraftException.class)
                .hasMessageStartingWith("bad.pth: ")
                .hasMessageContaining(reason)
                .hasMessageNotContainingAny("\n");
    }
}
