using System.IO.Compression;
using System.Text;
using System.Text.Json;
using NetLab.Core.Interop;
using NetLab.Tests.Support;

namespace NetLab.Tests.EndToEnd;

/// <summary><c>netlab read</c> as its users start it. Root is only needed to be somebody else.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class ReadCommandTests : IDisposable
{
    private const string Lines =
        """
        22:13:20.000000 IP 127.0.0.1.40000 > 127.0.0.1.8000: Flags [S], seq 1000, win 512, length 0
        22:13:20.001000 IP 127.0.0.1.8000 > 127.0.0.1.40000: Flags [S.], seq 5000, ack 1001, win 512, length 0
        22:13:20.002000 IP 127.0.0.1.40000 > 127.0.0.1.8000: Flags [.], ack 1, win 512, length 0
        22:13:20.003000 IP 127.0.0.1.40000 > 127.0.0.1.8000: Flags [P.], seq 1:30, ack 1, win 512, length 29
        22:13:20.004000 IP 127.0.0.1.8000 > 127.0.0.1.40000: Flags [P.], seq 18:35, ack 30, win 512, length 17
        22:13:20.005000 IP 127.0.0.1.8000 > 127.0.0.1.40000: Flags [P.], seq 1:18, ack 30, win 512, length 17
        22:13:20.006000 IP 127.0.0.1.8000 > 127.0.0.1.40000: Flags [P.], seq 1:18, ack 30, win 512, length 17
        22:13:20.007000 IP 127.0.0.1.8000 > 127.0.0.1.40000: Flags [F.], seq 35, ack 30, win 512, length 0
        22:13:20.008000 IP 127.0.0.1.9999 > 127.0.0.1.7: UDP, length 4

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("netlab-read-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("one.pcap")]
    [InlineData("one.pcapng")]
    public void Packets_are_printed_as_lines(string name)
    {
        var read = Read(Exchange(name));
        Assert.Equal((0, Lines, ""), (read.Code, read.Output, read.Error));
    }

    [Fact]
    public void Gzip_and_standard_input_give_the_same_lines()
    {
        string plain = Exchange("one.pcap"), packed = Path.Combine(_folder, "one.pcap.gz");
        using (var gzip = new GZipStream(File.Create(packed), CompressionLevel.Fastest))
            gzip.Write(File.ReadAllBytes(plain));
        Assert.Equal(Lines, Read(packed).Output);
        Assert.Equal(Lines, Shell($"cat {packed} | \"$0\" read -").Output);
        Assert.Equal(Lines, Shell($"\"$0\" read - < {plain}").Output);
    }

    [Theory]
    [InlineData("-t", "IP 127.0.0.1.40000 > 127.0.0.1.8000: Flags [.], ack 1, win 512, length 0")]
    [InlineData("-tt", "1700000000.002000 IP 127.0.0.1.40000 > 127.0.0.1.8000: Flags [.], ack 1, win 512, length 0")]
    [InlineData("-ttt", " 00:00:00.001000 IP 127.0.0.1.40000 > 127.0.0.1.8000: Flags [.], ack 1, win 512, length 0")]
    [InlineData("-tttt", "2023-11-14 22:13:20.002000 IP 127.0.0.1.40000 > 127.0.0.1.8000: Flags [.], ack 1, win 512, length 0")]
    [InlineData("-ttttt", " 00:00:00.002000 IP 127.0.0.1.40000 > 127.0.0.1.8000: Flags [.], ack 1, win 512, length 0")]
    [InlineData("--columns", "    3 0.002000  127.0.0.1 → 127.0.0.1  TCP       54 40000 → 8000 [ACK] Seq=1 Ack=1 Win=512 Len=0")]
    public void The_third_packet_in_other_forms(string option, string expected)
    {
        var read = Read(Exchange("one.pcap"), option);
        Assert.Equal((0, 9), (read.Code, read.Lines.Length));
        Assert.Equal(expected, read.Lines[2]);
    }

    [Fact]
    public void Fields_come_with_a_header_row_and_relative_numbers()
    {
        var read = Read(Exchange("one.pcap"), "--fields", "frame.number,frame.time_relative,ip.src,tcp.stream,tcp.seq,tcp.ack,http.request,http.host,udp.stream", "-c", "4");
        Assert.Equal(
            """
            frame.number	frame.time_relative	ip.src	tcp.stream	tcp.seq	tcp.ack	http.request	http.host	udp.stream
            1	0.000000000	127.0.0.1	0	0	0			
            2	0.001000000	127.0.0.1	0	0	1			
            3	0.002000000	127.0.0.1	0	1	1			
            4	0.003000000	127.0.0.1	0	1	1	1	lab	

            """, read.Output);
    }

    [Fact]
    public void Json_is_one_object_a_packet()
    {
        var read = Read(Exchange("one.pcap"), "--json");
        var packets = read.Lines.Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(9, packets.Count);
        Assert.All(packets, packet => Assert.Equal("packet", packet.GetProperty("kind").GetString()));
        Assert.Equal("2023-11-14T22:13:20.003000000Z", packets[3].GetProperty("time").GetString());
        Assert.Equal("127.0.0.1:40000", packets[3].GetProperty("source").GetString());
        Assert.Equal(["PSH", "ACK"], packets[3].GetProperty("flags").EnumerateArray().Select(flag => flag.GetString()));
        Assert.Equal((1, 1, 29), (Number(packets[3], "seq"), Number(packets[3], "ack"), Number(packets[3], "payloadLength")));
        Assert.Equal("UDP", packets[8].GetProperty("protocol").GetString());
    }

    [Fact]
    public void A_tree_and_bytes_follow_their_line()
    {
        var read = Read(Exchange("one.pcap"), "--tree", "-x", "-c", "1");
        Assert.Contains("  Transmission Control Protocol\n", read.Output, StringComparison.Ordinal);
        Assert.Contains("    Source Port: 40000\n", read.Output, StringComparison.Ordinal);
        Assert.Contains("\t0x0000:  4500 0028 0000 4000 4006 ", read.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_display_filter_chooses_and_its_mistakes_point_at_their_column()
    {
        string file = Exchange("one.pcap");
        Assert.Equal(4, Read(file, "-Y", "tcp.flags.push == 1").Lines.Length);
        Assert.Equal(5, Read(file, "-Y", "tcp.stream == 0 && tcp.srcport == 8000").Lines.Length);
        Assert.Single(Read(file, "-Y", "udp").Lines);
        AssertRefused(Read(file, "-Y", "tcp.port == 80 && nonsense"), 2, "column 19", "nonsense");
        AssertRefused(Read(file, "-Y", "tcp.port == abc"), 2, "column 13", "abc");
        AssertRefused(Read(file, "--fields", "ip.src,no.such"), 2, "column 8", "no.such");
    }

    [Fact]
    public void Both_directions_of_a_stream_are_followed_in_order_and_once()
    {
        string file = Exchange("one.pcap");
        Assert.Equal(
            """
            tcp:0  > 127.0.0.1:40000  < 127.0.0.1:8000
            > GET / HTTP/1.1
            > Host: lab
            > 
            < HTTP/1.1 200 OK
            < 
            < hello\x1b[2J word
            < [FIN]
            [> 29 bytes]
            [< 34 bytes, 17 sent again, 17 out of order]

            """, Read(file, "--follow", "tcp:0").Output);
        Assert.Equal("udp:0  > 127.0.0.1:9999  < 127.0.0.1:7\n> ping\n", Read(file, "--follow", "udp:0").Output);
        Assert.Contains("> 00000000  47 45 54 20 2f 20 48 54  54 50 2f 31 2e 31 0d 0a  GET / HTTP/1.1..\n", Read(file, "--follow", "0", "-x").Output, StringComparison.Ordinal);
        AssertRefused(Read(file, "--follow", "tcp:7"), 2, "tcp:7", "last one is 0");
        AssertRefused(Read(file, "--follow", "icmp:0"), 2, "icmp:0");
    }

    [Fact]
    public void A_followed_stream_as_json_has_its_octets()
    {
        var pieces = Read(Exchange("one.pcap"), "--follow", "tcp:0", "--json").Lines.Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(["bytes", "bytes", "bytes", "end"], pieces.Select(piece => piece.GetProperty("kind").GetString()));
        Assert.Equal("HTTP/1.1 200 OK\r\n", Encoding.UTF8.GetString(pieces[1].GetProperty("base64").GetBytesFromBase64()));
        Assert.Equal((6, 0), (Number(pieces[1], "number"), Number(pieces[1], "offset")));
    }

    [Fact]
    public void Conversations_are_a_table()
    {
        string file = Exchange("one.pcap");
        Assert.Equal(
            """
            stream  A                B               packets A→B  bytes A→B  packets A←B  bytes A←B  duration  resent  dup ACKs  reordered  gaps  zero windows  round trip
            tcp:0   127.0.0.1:40000  127.0.0.1:8000            3        191            5        321  0.007000       1         0          1     1             0        1 ms
            udp:0   127.0.0.1:9999   127.0.0.1:7               1         46            0          0  0.000000       -         -          -     -             -           -

            """, Read(file, "--conversations").Output);
        var first = JsonDocument.Parse(Read(file, "--conversations", "--json").Lines[0]).RootElement;
        Assert.Equal(("tcp:0", 191), (first.GetProperty("stream").GetString(), Number(first, "bytesSent")));
    }

    [Theory]
    [InlineData("part.pcap")]
    [InlineData("part.pcapng")]
    public void What_a_filter_chose_is_saved_and_read_again(string name)
    {
        string saved = Path.Combine(_folder, name);
        var save = Read(Exchange("one.pcap"), "-Y", "tcp.flags.push == 1", "-w", saved);
        Assert.Equal((0, "", ""), (save.Code, save.Output, save.Error));
        Assert.Equal(Lines.Split('\n').Count(line => line.Contains("[P.]", StringComparison.Ordinal)), Read(saved, "-t").Lines.Length);
        Assert.Equal("", Read(saved, "-Y", "tcp.flags.push == 0").Output);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_told_in_one_line()
    {
        AssertRefused(Read(Path.Combine(_folder, "none.pcap")), 2, "There is no file", "none.pcap");
        AssertRefused(Read(_folder), 2, "is a folder");
        AssertRefused(Read(Write("empty.pcap", [])), 2, "is empty");
        AssertRefused(Read(Write("text.pcap", Encoding.ASCII.GetBytes(new string('x', 100)))), 2, "is not a capture file");
        AssertRefused(Read(Exchange("one.pcap"), "-w", Path.Combine(_folder, "no/such/folder.pcap")), 2, "There is no folder");
    }

    [Fact]
    public void A_file_of_somebody_else_is_not_permitted()
    {
        using var network = new PrivateNetwork();
        string[] user = [.. network.Prefix, .. PrivateNetwork.OrdinaryUser, network.ProgramForEverybody];
        string file = MadeCapture.Exchange().Save(Path.Combine(network.Folder, "secret.pcap"));
        Assert.Equal(0, RunningProgram.Start(["chmod", "600", file]).WaitForEnd().Code);
        AssertRefused(RunningProgram.Start([.. user, "read", file]).WaitForEnd(), 3, "You may not read", "secret.pcap");
    }

    [Theory]
    [InlineData(-5, 8, "cut off at byte")]
    [InlineData(-55, 8, "cut off at byte")]
    [InlineData(30, 0, "cut off at byte")]
    public void A_file_that_is_cut_off_is_read_as_far_as_it_is_whole(int length, int whole, string said)
    {
        byte[] bytes = File.ReadAllBytes(Exchange("one.pcap"));
        var read = Read(Write("cut.pcap", bytes[..(length < 0 ? bytes.Length + length : length)]));
        Assert.Equal((2, whole), (read.Code, read.Lines.Length));
        Assert.Contains(said, read.OnlyError, StringComparison.Ordinal);
        Assert.StartsWith(read.Output, Lines, StringComparison.Ordinal);
    }

    [Fact]
    public void A_length_that_lies_ends_the_reading_with_a_sentence()
    {
        byte[] bytes = File.ReadAllBytes(Exchange("one.pcap"));
        bytes.AsSpan(24 + 16 + 54 + 8, 4).Fill(0xFF);
        var read = Read(Write("lies.pcap", bytes));
        Assert.Equal((2, 1), (read.Code, read.Lines.Length));
        Assert.Contains("damaged at byte 94", read.OnlyError, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_file_gives_the_same_lines_on_all_cores_as_on_one()
    {
        string file = MadeCapture.Exchange().Save(Path.Combine(_folder, "long.pcap"), times: 3_000);
        var onAll = Read(file);
        Assert.Equal(27_000, onAll.Lines.Length);
        Assert.Equal(Shell($"\"$0\" read - < {file}").Output, onAll.Output);
        string[] fields = ["-Y", "tcp.len > 20 || udp", "--fields", "frame.number,tcp.stream,tcp.seq,udp.stream,ip.checksum.status"];
        Assert.Equal(Shell($"\"$0\" read - '{string.Join("' '", fields)}' < {file}").Output, Read([file, .. fields]).Output);
    }

    [Fact]
    public void A_reader_that_goes_away_ends_it_quietly()
    {
        string file = MadeCapture.Exchange().Save(Path.Combine(_folder, "long.pcap"), times: 3_000);
        var read = Shell($"{{ trap '' PIPE; \"$0\" read {file}; echo \"code $?\" >&2; }} | head -n 1");
        Assert.Equal(Lines.Split('\n')[0] + "\n", read.Output);
        Assert.Equal("code 141", read.OnlyError);
    }

    [Fact]
    public void A_pipe_is_printed_as_it_comes_and_Ctrl_C_ends_it()
    {
        byte[] bytes = File.ReadAllBytes(Exchange("one.pcap"));
        string pipe = Path.Combine(_folder, "pipe");
        Assert.Equal(0, RunningProgram.Start(["mkfifo", pipe]).WaitForEnd().Code);
        using var read = RunningProgram.Start(["sh", "-c", $"exec \"$0\" read - < {pipe}", PrivateNetwork.Program]);
        using (var writer = new FileStream(pipe, FileMode.Open, FileAccess.Write))
        {
            writer.Write(bytes, 0, 24 + 16 + 54);
            writer.Flush();
            read.Await(Lines.Split('\n')[0]);
            read.Signal(ProcessSignals.SIGINT);
            var ended = read.WaitForEnd();
            Assert.Equal((130, ""), (ended.Code, ended.Error));
        }
    }

    [Fact]
    public void Lines_equal_those_of_tcpdump_for_real_captures()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/tcpdump"), "/usr/bin/tcpdump is not installed");
        int compared = 0;
        foreach (string capture in Fixtures.Captures.Where(path => path.Contains("http", StringComparison.Ordinal) || path.Contains("dns", StringComparison.Ordinal)
            || path.Contains("print-flags", StringComparison.Ordinal)).Take(12))
        {
            var tcpdump = RunningProgram.Start(["/usr/bin/tcpdump", "-nn", "-r", capture], new() { ["TZ"] = "UTC0" }).WaitForEnd();
            string[] expected = [.. tcpdump.Lines.Where(line => !line.StartsWith('\t'))];
            string[] actual = Read(capture).Lines;
            Assert.True(expected.Length <= actual.Length || tcpdump.Code != 0, $"{capture}: {actual.Length} lines, tcpdump {expected.Length}");
            // The few lines that differ are counted and explained where lines are compared one by one (TcpdumpLineTests).
            int same = expected.Zip(actual).Count(pair => pair.First == pair.Second);
            Assert.True(same >= 0.95 * expected.Length, $"{capture}: {same} of {expected.Length} lines are tcpdump's");
            compared += same;
        }

        Assert.True(compared > 100, $"{compared} lines");
    }

    private string Exchange(string name) => MadeCapture.Exchange().Save(Path.Combine(_folder, name));

    private string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private static void AssertRefused(Ended ended, int code, params string[] said)
    {
        Assert.Equal((code, ""), (ended.Code, ended.Output));
        Assert.StartsWith("netlab: ", ended.OnlyError, StringComparison.Ordinal);
        Assert.All(said, text => Assert.Contains(text, ended.OnlyError, StringComparison.Ordinal));
    }

    private static int Number(JsonElement one, string name) => one.GetProperty(name).GetInt32();

    private static Ended Read(params string[] arguments) => RunningProgram.Start([PrivateNetwork.Program, "read", .. arguments]).WaitForEnd();

    private static Ended Shell(string script) => RunningProgram.Start(["sh", "-c", script, PrivateNetwork.Program]).WaitForEnd();
}
