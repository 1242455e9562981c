using System.Text;
using NetLab.Core.Packets;
using NetLab.Tests.Support;

namespace NetLab.Tests.Packets;

public class FieldTests(ITestOutputHelper output)
{
    private sealed record Table(string[] Columns, List<string[]> Rows);

    private static Table? Read(string folder, string capture)
    {
        string path = Fixtures.Expected(folder, Path.GetFileName(capture) + ".tsv");
        if (!File.Exists(path))
            return null;
        string[] lines = File.ReadAllText(path, Encoding.UTF8).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Length == 0 || !lines[0].StartsWith("frame.number", StringComparison.Ordinal) ? null
            : new(lines[0].Split('\t'), [.. lines.Skip(1).Select(line => line.Split('\t'))]);
    }

    private static string Values(Dissection dissection, string name, ReadOnlySpan<byte> frame)
    {
        Assert.True(FieldRegistry.TryFind(name, out var wanted));
        var text = new Utf8Line(new byte[65536]);
        foreach (var field in dissection.Fields)
        {
            if (!wanted.Contains(field.Definition))
                continue;
            if (text.Length > 0)
                text.Character((byte)'|');
            FieldText.WriteValue(ref text, field, frame);
        }

        return Encoding.UTF8.GetString(text.Written);
    }

    private static string First(string values) => values.Split('|')[0];

    /// <summary>Compares every supported column of every frame; returns the count of equal and different values by field.</summary>
    private (int Equal, int Different, string Report) Compare(string folder, Func<string, string[], bool> isComparable)
    {
        var counts = new SortedDictionary<string, (int Equal, int Different)>(StringComparer.Ordinal);
        var differences = new StringBuilder();
        var dissection = new Dissection();
        foreach (string path in Fixtures.Captures)
        {
            if (Read(folder, path) is not { } table)
                continue;
            var packets = FixtureCapture.Read(path);
            int encapsulation = Array.IndexOf(table.Columns, "frame.encap_type"), number = 0;
            foreach (string[] row in table.Rows)
            {
                // tshark numbers the blocks of a pcapng file that are no packets too; they have no encapsulation.
                if (encapsulation >= 0 && row[encapsulation].Length == 0)
                    continue;
                number = encapsulation >= 0 ? number + 1 : int.Parse(row[0]);
                if (number > packets.Count || !isComparable(path, row))
                    continue;
                var packet = packets[number - 1];
                Dissector.Dissect(packet.Frame, dissection);
                for (int column = 0; column < table.Columns.Length && column < row.Length; column++)
                {
                    string name = table.Columns[column];
                    // What the file says of a frame is the file reader's matter.
                    // Reassembly moves HTTP's values to the segment that completes the message: the whole file's are compared.
                    if (name.StartsWith("http.", StringComparison.Ordinal))
                        continue;
                    if (!FieldRegistry.TryFind(name, out _) || name is "frame.number" or "frame.time_epoch" or "frame.interface_id")
                        continue;
                    string actual = Values(dissection, name, packet.Bytes);
                    if (actual.Length == 0 && row[column].Length == 0)
                        continue;
                    // Headers quoted or tunnelled further in are counted by both, but not always the same ones: the outermost counts.
                    bool same = actual == row[column] || (folder == "frames" && First(actual) == First(row[column]));
                    counts.TryGetValue(name, out var count);
                    counts[name] = same ? (count.Equal + 1, count.Different) : (count.Equal, count.Different + 1);
                    if (!same)
                        differences.AppendLine($"{Path.GetFileName(path)} #{number} {name}: tshark '{row[column]}', netlab '{actual}'");
                }
            }
        }

        foreach (var (name, count) in counts)
            output.WriteLine($"{name,-42} {count.Equal,6} equal {count.Different,4} different");
        int equal = counts.Values.Sum(count => count.Equal), different = counts.Values.Sum(count => count.Different);
        output.WriteLine($"{equal} equal, {different} different: {100.0 * equal / (equal + different):F3} %");
        output.WriteLine(differences.ToString());
        return (equal, different, differences.ToString());
    }

    [Fact]
    public void Every_field_of_every_frame_equals_tsharks()
    {
        var (equal, different, report) = Compare("frames", (_, _) => true);
        Assert.True(equal > 0.999 * (equal + different), $"{equal} of {equal + different} values equal tshark's\n{report}");
    }

    [Fact]
    public void Http_messages_equal_tsharks_file_by_file()
    {
        string[] names = ["http.request.method", "http.request.uri", "http.request.version", "http.host", "http.response.version",
            "http.response.code", "http.response.phrase", "http.content_type", "http.content_length_header", "http.transfer_encoding"];
        int equal = 0, different = 0;
        var dissection = new Dissection();
        foreach (string path in Fixtures.Captures)
        {
            if (Read("app", path) is not { } table)
                continue;
            var packets = FixtureCapture.Read(path);
            foreach (string name in names)
            {
                int column = Array.IndexOf(table.Columns, name);
                var expected = table.Rows.SelectMany(row => row[column].Split('|')).Where(value => value.Length > 0).Order(StringComparer.Ordinal).ToList();
                var actual = new List<string>();
                foreach (var packet in packets)
                {
                    Dissector.Dissect(packet.Frame, dissection);
                    actual.AddRange(Values(dissection, name, packet.Bytes).Split('|').Where(value => value.Length > 0));
                }

                var missing = new List<string>(expected);
                equal += actual.Count(missing.Remove);
                different += missing.Count;
                foreach (string value in missing)
                    output.WriteLine($"{Path.GetFileName(path)} {name}: tshark '{value}', not in netlab's");
            }
        }

        output.WriteLine($"{equal} equal, {different} missing");
        // What is missing begins in one segment and ends in the next: reassembly's work, not the dissector's.
        Assert.True(equal > 0.97 * (equal + different), $"{equal} of {equal + different}");
    }

    [Fact]
    public void Application_fields_equal_tsharks_where_no_reassembly_is_needed()
    {
        var (equal, different, report) = Compare("app", (_, _) => true);
        Assert.True(equal > 0.975 * (equal + different), $"{equal} of {equal + different} values equal tshark's\n{report}");
    }
}
