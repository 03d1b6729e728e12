import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.graft.model.Model;
import dev.graft.model.Network;
import dev.graft.onnx.OnnxExport;
import dev.graft.zoo.Zoo;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** Graft's exports and torch's of the same networks in one process, in turn, in the same version of ONNX Runtime. */
class OnnxSpeed {
    private static final int ROUNDS = 100;

    public static void main(String[] arguments) throws Exception {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        System.out.println("| network | batch | Graft's ms | torch's ms | ratio |\n| --- | ---: | ---: | ---: | ---: |");
        for (String name : new String[] {"resnet50", "mobilenet_v2", "mobilenet_v3_small"}) {
            Path peer = Path.of(arguments[0], name + ".onnx");
            Model model = Zoo.pretrained(name).backbone(224).withTop(1000);
            Network network = Network.of(model, 1);
            byte[] own = OnnxExport.of(network.program(), network.weights()).bytes();
            try (var options = new OrtSession.SessionOptions()) {
                options.setIntraOpNumThreads(arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1);
                try (OrtSession ours = environment.createSession(own, options);
                        OrtSession theirs = environment.createSession(Files.readAllBytes(peer), options)) {
                    for (int batch : new int[] {1, 8}) {
                        compare(environment, name, batch, ours, theirs);
                    }
                }
            }
        }
    }

    private static void compare(
            OrtEnvironment environment, String name, int batch, OrtSession ours, OrtSession theirs)
            throws OrtException {
        float[] pixels = new float[batch * 3 * 224 * 224];
        Random random = new Random(0);
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        int rounds = ROUNDS / batch;
        double[][] times = new double[2][rounds];
        try (OnnxTensor input = OnnxTensor.createTensor(
                environment, FloatBuffer.wrap(pixels), new long[] {batch, 3, 224, 224})) {
            for (int round = -rounds / 10 - 1; round < rounds; round++) {
                // Who begins changes from round to round.
                for (int turn = 0; turn < 2; turn++) {
                    int which = (turn + round & 1);
                    long start = System.nanoTime();
                    (which == 0 ? ours : theirs).run(Map.of("input", input)).close();
                    if (round >= 0) {
                        times[which][round] = (System.nanoTime() - start) / 1e6;
                    }
                }
            }
        }
        double own = median(times[0]);
        double peer = median(times[1]);
        System.out.printf(Locale.ROOT, "| %s | %d | %.2f | %.2f | %.3f |%n", name, batch, own, peer, own / peer);
    }

    private static double median(double[] times) {
        Arrays.sort(times);
        return times[times.length / 2];
    }
}
