export function NotFound() {
  return (
    <div class="empty-page">
      <h2>This page does not exist</h2>
      <p>
        <a href="/">Back to the machines</a>
      </p>
    </div>
  );
}
