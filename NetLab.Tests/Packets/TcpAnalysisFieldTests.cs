using System.Text;
using NetLab.Core.Packets;
using NetLab.Core.Tcp;
using NetLab.Tests.Support;

namespace NetLab.Tests.Packets;

public class TcpAnalysisFieldTests(ITestOutputHelper output)
{
    private static string Values(string name, Dissection dissection, ReadOnlySpan<byte> frame)
    {
        Assert.True(FieldRegistry.TryFind(name, out var wanted), name);
        var text = new Utf8Line(new byte[256]);
        foreach (var field in dissection.Fields)
        {
            if (field.Definition == wanted[0])
                FieldText.WriteValue(ref text, field, frame);
        }

        return Encoding.UTF8.GetString(text.Written);
    }

    [Fact]
    public void Every_analysis_field_of_every_fixture_equals_tsharks()
    {
        var counts = new SortedDictionary<string, (int Equal, int Different)>(StringComparer.Ordinal);
        var differences = new List<string>();
        int unmeasured = 0, inTunnels = 0, afterKeepAlive = 0;
        foreach (string capture in Fixtures.Captures)
        {
            string expected = Fixtures.Expected("tcp", Path.GetFileName(capture) + ".tsv");
            if (!File.Exists(expected))
                continue;
            string[] lines = File.ReadAllLines(expected), header = lines[0].Split('\t');
            var rows = lines.Skip(1).Select(line => line.Split('\t')).ToDictionary(row => int.Parse(row[0]));
            var history = new FrameHistory(new CaptureAnalysis());
            var dissection = new Dissection();
            foreach (var packet in FixtureCapture.Read(capture))
            {
                Dissector.Dissect(packet.Frame.With(history.Take(packet.Frame)), dissection);
                if (!rows.TryGetValue(packet.Number, out var row))
                    continue;
                for (int column = 0; column < row.Length; column++)
                {
                    // What is quoted in an ICMP error is no segment of the stream.
                    if (!header[column].StartsWith("tcp.analysis.", StringComparison.Ordinal) || row[Array.IndexOf(header, "tcp.seq_raw")].Contains('|'))
                        continue;
                    string theirs = row[column].Split('|')[0], ours = Values(header[column], dissection, packet.Bytes);
                    if (theirs.Length == 0 && ours.Length == 0)
                        continue;
                    // Streams inside of tunnels (IP in IP, VXLAN) have no number here.
                    if (Values("tcp.stream", dissection, packet.Bytes).Length == 0)
                    {
                        inTunnels++;
                        continue;
                    }

                    // After a keep-alive of one octet tshark counts what follows without its first octet.
                    if (header[column] == "tcp.analysis.bytes_in_flight" && theirs.Length > 0 && ours == $"{int.Parse(theirs) + 1}")
                    {
                        afterKeepAlive++;
                        continue;
                    }

                    // Karn's rule (RFC 6298 section 3): tshark measures segments whose octets were sent twice, too.
                    if (header[column] == "tcp.analysis.ack_rtt" && ours.Length == 0)
                    {
                        unmeasured++;
                        continue;
                    }

                    counts.TryGetValue(header[column], out var count);
                    counts[header[column]] = ours == theirs ? (count.Equal + 1, count.Different) : (count.Equal, count.Different + 1);
                    if (ours != theirs)
                        differences.Add($"{Path.GetFileName(capture)} #{packet.Number} {header[column]}: tshark '{theirs}', netlab '{ours}'");
                }
            }
        }

        foreach (var (name, count) in counts)
            output.WriteLine($"{name,-42} {count.Equal,6} equal {count.Different,4} different");
        output.WriteLine($"{unmeasured} round trips that only tshark measures, {inTunnels} values in tunnels, {afterKeepAlive} after a keep-alive\n{string.Join('\n', differences)}");
        int equal = counts.Values.Sum(count => count.Equal);
        Assert.True(equal >= 700, $"{equal} equal");
        Assert.Equal((11, 10, 12), (unmeasured, inTunnels, afterKeepAlive));
        Assert.True(differences.Count == 0, $"{differences.Count} differences beside {equal} equal\n{string.Join('\n', differences)}");
    }
}
