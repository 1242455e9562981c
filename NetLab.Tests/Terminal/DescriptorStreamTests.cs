using System.Text;
using Microsoft.Win32.SafeHandles;
using NetLab.Core.Interop;
using NetLab.Tui.Terminal;

namespace NetLab.Tests.Terminal;

public class DescriptorStreamTests
{
    [Fact]
    public void A_reader_that_went_away_is_an_error_of_its_own()
    {
        Tty.OpenPipe(out SafeFileHandle reader, out SafeFileHandle writer);
        reader.Dispose();
        using (writer)
        {
            DescriptorStream stream = new((int)writer.DangerousGetHandle());
            Assert.Throws<ReaderGoneException>(() => stream.Write("text"u8));
        }
    }

    [Fact]
    public async Task More_than_a_pipe_holds_arrives_whole()
    {
        byte[] sent = new byte[300_000];
        new Random(1).NextBytes(sent);
        Tty.OpenPipe(out SafeFileHandle reader, out SafeFileHandle writer);
        using (reader)
        {
            Task writing = Task.Run(() =>
            {
                using (writer) new DescriptorStream((int)writer.DangerousGetHandle()).Write(sent);
            }, TestContext.Current.CancellationToken);
            using MemoryStream received = new();
            new DescriptorStream((int)reader.DangerousGetHandle()).CopyTo(received);
            await writing;
            Assert.Equal(sent, received.ToArray());
        }
    }

    [Fact]
    public void A_descriptor_that_is_not_open_is_named()
    {
        IOException error = Assert.Throws<IOException>(() => new DescriptorStream(9999).Write(Encoding.ASCII.GetBytes("x")));
        Assert.Contains("9999", error.Message, StringComparison.Ordinal);
    }
}
