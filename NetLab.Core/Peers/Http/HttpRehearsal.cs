using System.Net.Sockets;
using NetLab.Core.Interop;

namespace NetLab.Core.Peers;

/// <summary>
/// One request over a Unix socket to ourselves, before the first real one. What the runtime compiles and loads for HttpClient and sockets takes tens of milliseconds;
/// it would be told as the network's. Nothing of it goes over IP, so no capture sees it.
/// </summary>
internal static class HttpRehearsal
{
    private static readonly Lazy<Task> s_once = new(HoldAsync);

    /// <summary>Held once; done when it is over.</summary>
    public static Task Held => s_once.Value;

    private static async Task HoldAsync()
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var place = new UnixDomainSocketEndPoint($"\0netlab-{Environment.ProcessId}-{Guid.NewGuid():N}");
        try
        {
            listener.Bind(place);
            listener.Listen(1);
            // Loads what the C library needs for names; the file of hosts knows this one.
            await System.Net.Dns.GetHostAddressesAsync("localhost").ConfigureAwait(false);
        }
        catch (SocketException)
        {
            return; // Without it the first times are a little long, that is all.
        }

        var answered = AnswerAsync(listener);
        var specification = new HttpRequestSpecification("http://rehearsal/") { Rehearsal = place, Patience = TimeSpan.FromSeconds(2) };
        await new HttpRun(specification, () => KernelClock.Now).RunAsync(CancellationToken.None).ConfigureAwait(false);
        listener.Close();
        await answered.ConfigureAwait(false);
    }

    private static async Task AnswerAsync(Socket listener)
    {
        try
        {
            using var socket = await listener.AcceptAsync().ConfigureAwait(false);
            byte[] buffer = new byte[4096];
            await socket.ReceiveAsync(buffer).ConfigureAwait(false);
            await socket.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"u8.ToArray()).ConfigureAwait(false);
            await socket.ReceiveAsync(buffer).ConfigureAwait(false);
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
            // Nobody came, or went early: the rehearsal is over all the same.
        }
    }
}
