// A hand of the page: the same program in a place without a window, which runs futures. The page sends its compiled code first.
import init from "./detente.js?v={{version}}";
onmessage = ({ data }) => {
  onmessage = null;
  init({ module_or_path: data });
};
