using NetLab.Core;
using NetLab.Core.IoModels;

namespace NetLab.Tests.IoModels;

public sealed class ArrivalScriptTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("netlab-arrivals-");

    public void Dispose() => _folder.Delete(recursive: true);

    private static ArrivalScript Read(string text)
    {
        var script = ArrivalScript.TryRead("test", text, out string mistake);
        Assert.True(script is not null, mistake);
        return script;
    }

    [Fact]
    public void A_line_says_when_how_much_how_often_and_where()
    {
        var script = Read("""
            # two, close together
            1.5s 7
            50ms 20 times 2 every 5us on 3
            0 1
            """);
        Assert.Equal([(0, 1), (50_000_000, 20), (50_005_000, 20), (1_500_000_000, 7)], script.Arrivals.Select(arrival => ((int)arrival.At.Nanoseconds, arrival.Bytes)));
        Assert.Equal([3, 3], script.Arrivals.Where(arrival => arrival.Bytes == 20).Select(arrival => arrival.Place));
        Assert.Equal(48, script.TotalBytes);
        Assert.Equal(Duration.FromMilliseconds(1500), script.End);
    }

    [Theory]
    [InlineData("soon 20", "test:1: 'soon' is no time such as 50ms or 1.5s, at most 60.0 s.")]
    [InlineData("50 20", "test:1: '50' is no time such as 50ms or 1.5s, at most 60.0 s.")]
    [InlineData("\n50ms", "test:2: after the time stands how many bytes come, 1 to 67108864.")]
    [InlineData("50ms 0", "test:1: after the time stands how many bytes come, 1 to 67108864.")]
    [InlineData("61s 1", "test:1: '61s' is no time such as 50ms or 1.5s, at most 60.0 s.")]
    [InlineData("1ms 1 often", "test:1: 'often' is none of times COUNT, every TIME, on PLACE.")]
    [InlineData("1ms 1 times", "test:1: after times something is missing: a number from 1 to 10000 can.")]
    [InlineData("1ms 1 times 10001", "test:1: '10001' can't stand after times: a number from 1 to 10000 can.")]
    [InlineData("1ms 1 times 10000\n2ms 1", "test:2: there may be at most 10000 arrivals.")]
    [InlineData("1ms 67108864\n1ms 1", "test:2: all messages together may have at most 67108864 bytes.")]
    [InlineData("1s 1 times 100 every 1s", "test:1: the last message would come after more than 60.0 s.")]
    [InlineData("1ms\u001b[2J 1", "test:1: '1ms[2J' is no time such as 50ms or 1.5s, at most 60.0 s.")]
    [InlineData("# nothing", "test has no arrivals; a line is TIME BYTES, as in '50ms 20'.")]
    public void A_mistake_is_told_with_its_line(string text, string expected)
    {
        Assert.Null(ArrivalScript.TryRead("test", text, out string mistake));
        Assert.Equal(expected, mistake);
    }

    [Fact]
    public void Whatever_a_file_holds_it_is_a_script_or_a_mistake_in_one_printable_line()
    {
        const int seed = 20261123;
        var random = new Random(seed);
        string[] words = ["0", "5ms", "1us", "20", "times", "every", "on", "#", "\n", "\t", "-1", "1e9s", "99999999999", "3.5.1ms", "\u001b[0m", "é", "٣ms", "1s"];
        for (int round = 0; round < 5_000; round++)
        {
            string text = string.Join(random.Next(4) == 0 ? "" : " ", Enumerable.Range(0, random.Next(12)).Select(_ => words[random.Next(words.Length)]));
            var script = ArrivalScript.TryRead("x", text, out string mistake);
            Assert.True(script is null == mistake.Length > 0, $"seed {seed}: {text}");
            Assert.DoesNotContain(mistake, letter => char.IsControl(letter));
            if (script is not null)
            {
                Assert.True(script.Arrivals.Count <= ArrivalScript.MostArrivals && script.TotalBytes <= ArrivalScript.MostBytes && script.End <= ArrivalScript.Latest, text);
                Assert.Equal(script.Arrivals.OrderBy(arrival => arrival.At).Select(arrival => arrival.At), script.Arrivals.Select(arrival => arrival.At));
            }
        }
    }

    [Fact]
    public void The_built_in_scripts_have_names_and_a_file_may_be_named_as_well()
    {
        foreach (var (name, _) in ArrivalScript.BuiltIn)
            Assert.NotNull(ArrivalFile.Open(name, out _));
        string path = Path.Combine(_folder.FullName, "mine");
        File.WriteAllText(path, "3ms 4");
        Assert.Equal(4, ArrivalFile.Open(path, out _)!.TotalBytes);
    }

    [Fact]
    public void What_is_no_file_of_arrivals_is_said_in_one_sentence()
    {
        Assert.Null(ArrivalFile.Open("/nonexistent", out string mistake));
        Assert.Equal("There are no arrivals '/nonexistent': no file, and none of classic, burst, trickle, large.", mistake);
        Assert.Null(ArrivalFile.Open("/dev/zero", out mistake));
        Assert.Equal("/dev/zero is no script of arrivals: it has 0 bytes.", mistake);
        Assert.Null(ArrivalFile.Open(_folder.FullName, out mistake));
        Assert.StartsWith("There are no arrivals '", mistake, StringComparison.Ordinal);
    }
}
